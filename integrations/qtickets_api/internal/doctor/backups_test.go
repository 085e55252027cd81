package doctor

import (
	"strings"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestBackup: fine only when there is a good one that is new enough and none failed since.
func TestBackup(t *testing.T) {
	t.Parallel()
	ago := func(d time.Duration) *time.Time {
		at := time.Now().Add(-d)
		return &at
	}
	for _, c := range []struct {
		row    warehouse.Backup
		status Status
		found  string
	}{
		{warehouse.Backup{}, Warn, "ещё не было"},
		{warehouse.Backup{FailedAt: ago(time.Hour)}, Warn, "не удалась"},
		{warehouse.Backup{GoodAt: ago(5 * time.Hour)}, OK, "5\u00a0ч назад"},
		{warehouse.Backup{GoodAt: ago(72 * time.Hour)}, Warn, "назад"},
		{warehouse.Backup{GoodAt: ago(5 * time.Hour), FailedAt: ago(time.Hour)}, Warn, "а последняя не удалась"},
	} {
		r := &report{russian: true}
		backup(r, "резервная копия", c.row, warehouse.OldestBackup, "backup.sh")
		if f := r.findings[0]; f.Status != c.status || !strings.Contains(f.Found, c.found) ||
			(f.Fix == "") != (f.Status == OK) {
			t.Errorf("%+v: %+v, want %s and %q", c.row, f, c.status, c.found)
		}
	}
}
