package pipeline_test

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// printed is a statement of the deployment checklist.
type printed struct{ step, user, sql string }

// checklist reads testdata/checklist.sql.
func checklist(t *testing.T) []printed {
	t.Helper()
	text, err := os.ReadFile("testdata/checklist.sql")
	if err != nil {
		t.Fatal(err)
	}
	var statements []printed
	for _, block := range strings.Split(strings.TrimSpace(string(text)), "\n\n")[1:] {
		heading, sql, _ := strings.Cut(block, "\n")
		step, user, ok := strings.Cut(strings.TrimPrefix(heading, "-- "), ": ")
		if !ok || sql == "" {
			t.Fatalf("testdata/checklist.sql: %q is not a step, a user and a statement", block)
		}
		statements = append(statements, printed{step, user, sql})
	}
	return statements
}

var (
	inCommand = regexp.MustCompile(`--user=(\w+) \\\s+--password='[^']*' \\\s+-q "([^"]+)"`)
	inBlock   = regexp.MustCompile("(?s)```sql\n(.*?)```")
)

// TestChecklistHoldsTestedStatements: what the document prints is what TestChecklistStatements runs, by the same user.
func TestChecklistHoldsTestedStatements(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../../../docs/PROD_DEPLOY_CHECKLIST_QTICKETS_API.md")
	if err != nil {
		t.Fatal(err)
	}
	normalize := func(sql string) string { return strings.Join(strings.Fields(sql), " ") }
	tested := map[string]string{}
	for _, s := range checklist(t) {
		tested[normalize(s.sql)] = s.user
	}
	seen := 0
	for _, m := range inCommand.FindAllStringSubmatch(string(text), -1) {
		if user := tested[normalize(m[2])]; user != m[1] {
			t.Errorf("%s runs %q, tested for %q: add it to testdata/checklist.sql", m[1], m[2], user)
		}
		seen++
	}
	for _, m := range inBlock.FindAllStringSubmatch(string(text), -1) {
		if _, ok := tested[normalize(m[1])]; !ok {
			t.Errorf("not tested, add it to testdata/checklist.sql: %s", m[1])
		}
		seen++
	}
	if n := strings.Count(string(text), `-q "`) + strings.Count(string(text), "```sql"); n != seen || seen < len(tested) {
		t.Errorf("the document prints %d statements, %d were understood, %d are tested", n, seen, len(tested))
	}
}
