package figures

import (
	"context"
	"time"
)

// BackupLine is how the backups (Kind "backup") or the tries to bring one back ("drill") went.
type BackupLine struct {
	Kind     string
	Copy     string     // the newest good one, "" when there is none
	GoodAt   *time.Time // nil: never
	FailedAt *time.Time // nil: none failed since GoodAt
}

// Backups are what the operator's scripts recorded; none where they have never been run.
func (s *Store) Backups(ctx context.Context, _ Filter) ([]BackupLine, error) {
	var lines []BackupLine
	err := s.read(ctx, "backups", nil, func(scan func(...any) error) error {
		var l BackupLine
		err := scan(&l.Kind, &l.Copy, &l.GoodAt, &l.FailedAt)
		lines = append(lines, l)
		return err
	})
	return lines, err
}
