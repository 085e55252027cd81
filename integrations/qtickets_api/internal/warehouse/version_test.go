package warehouse_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestSchemaVersion: the release knows its own schema, refuses an older one with what to do, and works with a newer
// one, of which the checks warn.
func TestSchemaVersion(t *testing.T) {
	t.Parallel()
	c := testkit.Database(t)
	db := testkit.Open(t, c)
	admin := testkit.As(t, c, embedded.Admin)
	is := func(version uint32) string {
		return fmt.Sprintf("CREATE OR REPLACE VIEW meta_schema SQL SECURITY DEFINER AS "+
			"SELECT toUInt32(%d) AS version", version)
	}
	own := warehouse.SchemaVersion()
	old := fmt.Sprintf("has version 1, this release needs version %d", own)
	for _, want := range []struct {
		statement string
		refused   string // by the loader; "": it works
		status    string // of the check
		says      string
	}{
		{"", "", "ok", fmt.Sprint("version ", own)},
		{is(own + 1), "", "warn", "install the newer release"},
		{is(1), old, "fail", "migrate"},
		{"DROP VIEW meta_schema", old, "fail", "migrate"}, // as before version 2
	} {
		if want.statement != "" {
			if err := raw(t, admin).Exec(t.Context(), want.statement); err != nil {
				t.Fatal(err)
			}
		}
		err := db.CheckSchema(t.Context())
		if refused := err != nil; refused != (want.refused != "") || refused && (!errors.Is(err, warehouse.ErrSchema) ||
			!strings.Contains(err.Error(), want.refused) || !strings.Contains(err.Error(), `run "qtickets_api migrate"`)) {
			t.Errorf("%s: the loader says %v, want %q", want.statement, err, want.refused)
		}
		verdicts := db.SmokeChecks(t.Context())
		last := verdicts[len(verdicts)-1]
		if last.Status != want.status || !strings.Contains(fmt.Sprint(last), want.says) {
			t.Errorf("%s: the check says %+v, want %s and %q", want.statement, last, want.status, want.says)
		}
	}
	if err := warehouse.Migrate(t.Context(), admin); err != nil {
		t.Fatal(err)
	}
	if err := db.CheckSchema(t.Context()); err != nil {
		t.Errorf("after a migration: %v", err)
	}

}
