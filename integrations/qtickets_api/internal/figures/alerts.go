package figures

import (
	"context"
	"time"
)

// AlertLine is an incident.
type AlertLine struct {
	ID       string
	Rule     string
	Subject  string
	Text     string `money:"yes"` // may name sums
	Level    uint64
	OpenedAt time.Time
	EndedAt  *time.Time // nil: goes on
}

// Alerts are the incidents that go on, the newest first.
func (s *Store) Alerts(ctx context.Context, f Filter) ([]AlertLine, error) {
	return s.alerts(ctx, "1")
}

// AlertHistory are the last incidents, the newest first.
func (s *Store) AlertHistory(ctx context.Context, f Filter) ([]AlertLine, error) {
	return s.alerts(ctx, "0")
}

func (s *Store) alerts(ctx context.Context, openOnly string) ([]AlertLine, error) {
	var lines []AlertLine
	err := s.read(ctx, "alerts", map[string]string{"open_only": openOnly}, func(scan func(...any) error) error {
		var a AlertLine
		err := scan(&a.ID, &a.Rule, &a.Subject, &a.Text, &a.Level, &a.OpenedAt, &a.EndedAt)
		lines = append(lines, a)
		return err
	})
	return lines, err
}
