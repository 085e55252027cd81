package config_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
)

func TestSecretsAreNeverPrinted(t *testing.T) {
	t.Parallel()
	c, err := config.Load([]string{"QTICKETS_TOKEN=hush-token", "CLICKHOUSE_PASSWORD=hush-password",
		"CLICKHOUSE_ADMIN_PASSWORD=hush-password",
		"QTICKETS_BUYER_KEY=hush-key-of-the-house", "QTICKETS_WEBHOOK_SECRET=hush-webhook-secret",
		"QTICKETS_METRICS_TOKEN=hush-token-of-metrics", "DATALENS_TOKEN=hush-token-of-DataLens",
		"ALERT_URLS=telegram://1:hush@telegram?chats=1", "ALERT_PING_URL=https://ping.example.test/hush"}, "")
	if err != nil {
		t.Fatal(err)
	}
	var logged bytes.Buffer
	for _, handler := range []slog.Handler{slog.NewJSONHandler(&logged, nil), slog.NewTextHandler(&logged, nil)} {
		slog.New(handler).Info("config", "all", c, "pointer", &c, "part", c.ClickHouse, "other", c.Alerts, "live", c.Live,
			"datalens", c.DataLens)
	}
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	printed := []string{c.String(), c.GoString(), c.ClickHouse.String(), logged.String(), string(text)}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		printed = append(printed, fmt.Sprintf(format, c), fmt.Sprintf(format, &c), fmt.Sprintf(format, c.ClickHouse),
			fmt.Sprintf(format, c.Alerts), fmt.Sprintf(format, c.Live), fmt.Sprintf(format, c.DataLens),
			fmt.Sprintf(format, []any{c}))
	}
	for _, p := range printed {
		if strings.Contains(p, "hush") {
			t.Errorf("a secret in %q", p)
		}
	}
	if !strings.Contains(c.String(), "Token:(set)") || !strings.Contains(config.Config{}.String(), "Token:(not set)") {
		t.Errorf("%s does not tell whether the token is set", c)
	}
}

func TestVariables(t *testing.T) {
	t.Parallel()
	var table bytes.Buffer
	if err := config.WriteTable(&table); err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, v := range config.Variables {
		names = append(names, v.Name)
		if v.Doc == "" || strings.ContainsAny(v.Doc, "|\n") {
			t.Errorf("%s: its Doc %q does not make a table row", v.Name, v.Doc)
		}
		if v.Secret && v.Default != "" {
			t.Errorf("%s: a secret with a default", v.Name)
		}
		row := fmt.Sprintf("| `%s`", v.Name)
		if v.Secret {
			row += fmt.Sprintf(", `%s_FILE`", v.Name)
		}
		if !strings.Contains(table.String(), "\n"+row+" |") {
			t.Errorf("the table has no row %q", row)
		}
	}
	if slices.Sort(names); len(slices.Compact(names)) != len(config.Variables) {
		t.Error("a variable is declared twice")
	}
	if rows := strings.Count(table.String(), "\n"); rows != len(config.Variables)+2 {
		t.Errorf("%d lines in the table for %d variables", rows, len(config.Variables))
	}
}

type closed struct{ lines int }

func (w *closed) Write(p []byte) (int, error) {
	if w.lines--; w.lines < 0 {
		return 0, fmt.Errorf("closed")
	}
	return len(p), nil
}

func TestWriteTableReportsAClosedWriter(t *testing.T) {
	t.Parallel()
	for lines := range 2 {
		if err := config.WriteTable(&closed{lines}); err == nil {
			t.Errorf("no error after %d writes", lines)
		}
	}
}
