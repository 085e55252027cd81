package main

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// arrow says what each package may import of the others: from the API towards the command, never back.
var arrow = map[string][]string{
	"qtickets":  {},
	"simulator": {}, // shares nothing with the client, so a misreading in one shows in the other
	"sales":     {"qtickets"},
	"warehouse": {"qtickets", "sales"},
	"ledger":    {"warehouse"},
	"explain":   {"qtickets", "sales", "warehouse"},
	"chserver":  {},
	"config":    {},
	"russian":   {},
	"datalens":  {}, // describes and asks nobody
	"statefile": {},
	"turn":      {},
	"alert":     {"figures", "forecast", "russian", "statefile", "warehouse"},
	"digest":    {"alert", "dashboard/format", "figures", "sales", "statefile"},
	"access":    {},
	"webhook":   {"warehouse"},
	"serve":     {"access", "warehouse", "webhook"},
	"embedded":  {"chserver", "warehouse"},
	"contract":  {"qtickets", "sales", "warehouse"},
	"pipeline":  {"contract", "ledger", "qtickets", "sales", "warehouse"},
	"forecast":  {},
	"plan":      {"qtickets", "warehouse"},
	"figures":   {"forecast", "sales", "warehouse"},
	"dashboard": {"access", "dashboard/address", "dashboard/block", "dashboard/format", "figures", "plan", "sales",
		"warehouse"},
	"doctor": {"config", "pipeline", "qtickets", "russian", "warehouse"},
	"cli": {"access", "alert", "config", "contract", "dashboard", "dashboard/format", "datalens",
		"datalens/publish", "digest", "doctor", "embedded", "explain", "figures", "forecast", "ledger", "pipeline",
		"plan", "qtickets", "russian", "serve", "simulator", "turn", "warehouse", "webhook"},
	// for tests only: nobody may import it
	"testkit": {"chserver", "embedded", "qtickets", "sales", "simulator", "warehouse"},
	"corpus":  {}, // for tests only

	"dashboard/format":  {"sales"},
	"dashboard/address": {"access", "dashboard/format", "figures", "sales"},
	"dashboard/block": {"access", "contract", "dashboard/address", "dashboard/format", "figures", "forecast", "plan",
		"russian",
		"sales"},

	"datalens/publish": {"datalens"},
	"datalens/standin": {}, // shares nothing with the client; for tests only

	"bench":           {"simulator"},
	"bench/reference": {}, // a rival: what it shares with the loader would not be compared
	"bench/whole":     {"bench", "embedded", "simulator", "warehouse"},
}

func TestImportsFollowTheArrow(t *testing.T) {
	const prefix = "dashboard-mvp/integrations/qtickets_api/internal/"
	files, err := filepath.Glob("internal/*/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no packages found: ", err)
	}
	nested, err := filepath.Glob("internal/*/*/*.go")
	if err != nil {
		t.Fatal(err)
	}
	files = append(files, nested...)
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		name := strings.TrimPrefix(filepath.ToSlash(filepath.Dir(file)), "internal/")
		allowed, known := arrow[name]
		if !known {
			t.Errorf("package %s has no place in the arrow: add it to the table above and to ARCHITECTURE.md", name)
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range parsed.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if imported, ours := strings.CutPrefix(path, prefix); ours && !slices.Contains(allowed, imported) {
				t.Errorf("%s imports %s: %s may import only %v", file, imported, name, allowed)
			}
		}
	}
}

// TestOperatorFilesAreTheEmbeddedOnes: what an operator pipes by hand is what the binary holds, because
// it is the same file.
func TestOperatorFilesAreTheEmbeddedOnes(t *testing.T) {
	for operator, embedded := range map[string]string{
		"migrations/2025-qtickets-api-final.sql": "schema.sql",
		"smoke_checks_qtickets_api.sql":          "smoke_checks.sql",
		"grants.sql":                             "grants.sql",
	} {
		a, err := os.Stat("../../infra/clickhouse/" + operator)
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.Stat("internal/warehouse/sql/" + embedded)
		if err != nil {
			t.Fatal(err)
		}
		if !os.SameFile(a, b) {
			t.Errorf("infra/clickhouse/%s is not internal/warehouse/sql/%s: make it a link again", operator, embedded)
		}
	}
}
