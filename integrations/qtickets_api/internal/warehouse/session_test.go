package warehouse_test

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/chserver"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// setLines are the settings of a line of session.sql, setBlock those of a file piped by hand.
var (
	setLines = regexp.MustCompile(`(?m)^SET (.*);$`)
	setBlock = regexp.MustCompile(`(?ms)^SET\n.*?;\n`)
)

// TestFault2_3_FilesPipedByHandSetTheSame: what the program sends with every session is the first statement of the
// files an operator pipes. QTICKETS_UPDATE_DOCS=1 writes it there.
func TestFault2_3_FilesPipedByHandSetTheSame(t *testing.T) {
	var lines []string
	for _, line := range setLines.FindAllStringSubmatch(warehouse.SQL("session"), -1) {
		lines = append(lines, "    "+line[1])
	}
	if len(lines) < 10 {
		t.Fatalf("%d lines in session.sql", len(lines))
	}
	want := "SET\n" + strings.Join(lines, ",\n") + ";\n"
	for _, file := range []string{"schema", "smoke_checks"} {
		text := warehouse.SQL(file)
		got := setBlock.FindString(text)
		if before, _, _ := strings.Cut(text, got); got == "" || regexp.MustCompile(`(?m)^[^-\n]`).MatchString(before) {
			t.Errorf("%s.sql does not begin with SET", file)
		}
		if got == want {
			continue
		}
		if os.Getenv("QTICKETS_UPDATE_DOCS") == "" {
			t.Errorf("%s.sql does not set what session.sql sets: run this test with QTICKETS_UPDATE_DOCS=1", file)
		} else if err := os.WriteFile("sql/"+file+".sql", []byte(strings.Replace(text, got, want, 1)), 0o644); err != nil {
			t.Error(err)
		}
	}
}

// TestFault2_3_SettingsReachTheServer: as the statements of the program see them, over HTTP and the native protocol.
func TestFault2_3_SettingsReachTheServer(t *testing.T) {
	t.Parallel()
	c := testkit.Database(t)
	for _, port := range []int{c.Port, testkit.Engine(t).TCPPort()} {
		c.Port = port
		db := testkit.Open(t, c)
		sent := warehouse.SQL("session") + warehouse.SQL("session_limits")
		for _, line := range setLines.FindAllStringSubmatch(sent, -1) {
			for _, s := range regexp.MustCompile(`(\w+) = ('[^']*'|\d+)`).FindAllStringSubmatch(line[1], -1) {
				var got string
				err := db.Read(t.Context(), "SELECT toString(getSetting({name:String}))", map[string]string{"name": s[1]},
					func(scan func(...any) error) error { return scan(&got) })
				got = strings.NewReplacer("true", "1", "false", "0", "{}", "").Replace(got)
				if want := strings.Trim(s[2], "'"); err != nil || got != want {
					t.Errorf("port %d: %s is %q, want %q: %v", port, s[1], got, want, err)
				}
			}
		}
	}
}

// TestFault2_3_WhatAProfileMayForbid: a profile without the right to change settings is named at once, with what to
// write; one that holds a limit keeps it, and a result over it is an error that names it, never a part of the rows.
func TestFault2_3_WhatAProfileMayForbid(t *testing.T) {
	t.Parallel()
	library, err := chserver.FindLibrary(os.Getenv("CHDB_LIB"))
	if err != nil {
		t.Fatal(err)
	}
	breaks := map[string]string{"readonly": "2", "max_result_rows": "5", "result_overflow_mode": "break"}
	engine, err := chserver.Start(t.Context(), chserver.Options{Library: library, DataDir: testkit.TempDir(t), NoTCP: true,
		Users: []chserver.User{
			{Name: "closed", Password: "secret", Settings: map[string]string{"readonly": "1", "join_use_nulls": "1"}},
			{Name: "limited", Password: "secret", Settings: breaks,
				Constraints: map[string]chserver.Constraint{"max_result_rows": {Min: "1", Max: "5"}}},
			{Name: "nailed", Password: "secret", Settings: map[string]string{"join_use_nulls": "1"},
				Constraints: map[string]chserver.Constraint{"join_use_nulls": {ReadOnly: true}}},
			{Name: "hurried", Password: "secret", Settings: map[string]string{"max_execution_time": "1"}},
		}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	c := warehouse.Config{Host: "127.0.0.1", Port: engine.HTTPPort(), User: "closed", Password: "secret"}
	for user, says := range map[string]string{
		"closed": "the profile forbids changing settings: readonly=1; use readonly=2",
		"nailed": "forbids what the program sets in its session: take that constraint out",
	} {
		c.User = user
		_, err = warehouse.Open(t.Context(), c)
		if !errors.Is(err, warehouse.ErrPermission) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", user, err)
		}
	}
	for user, statement := range map[string]string{
		"limited": "SELECT toString(number) FROM numbers(6)",
		"hurried": "SELECT toString(sum(sipHash64(number))) FROM numbers(1000000000000)",
	} {
		c.User = user
		rows := 0
		err = testkit.Open(t, c).Read(t.Context(), statement, nil, func(scan func(...any) error) error {
			rows++
			return scan(new(string))
		})
		if !errors.Is(err, warehouse.ErrLimit) || !strings.Contains(err.Error(), user) {
			t.Errorf("%s: %d rows, %v", user, rows, err)
		}
	}
}
