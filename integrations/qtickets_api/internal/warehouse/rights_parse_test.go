package warehouse

import (
	"slices"
	"testing"
)

// TestUncoveredRights: what one list of grants lacks of another, as ClickHouse prints them.
func TestUncoveredRights(t *testing.T) {
	for _, c := range []struct {
		want, have string
		missing    []string
	}{
		{"SELECT, INSERT ON zakaz.state_*", "SELECT, INSERT ON zakaz.state_*", nil},
		{"SELECT, INSERT ON zakaz.state_*", "SELECT ON zakaz.state_*", []string{"INSERT ON zakaz.state_*"}},
		{"SELECT ON zakaz.state_*", "SELECT ON zakaz.*", nil},
		{"SELECT ON zakaz.state_*", "SELECT ON zakaz.store_*", []string{"SELECT ON zakaz.state_*"}},
		{"SELECT ON zakaz.publish", "ALL ON *.*", nil},
		{"ALTER DELETE ON zakaz.store_*", "ALTER ON zakaz.*", nil},
		{"SELECT(a, b), INSERT ON zakaz.publish", "INSERT ON `zakaz`.publish", []string{"SELECT(a, b) ON zakaz.publish"}},
		{"SELECT ON zakaz.*", "SELECT ON zakaz.state_*", []string{"SELECT ON zakaz.*"}},
	} {
		if got := uncovered(parseRights(c.want), parseRights(c.have)); !slices.Equal(got, c.missing) {
			t.Errorf("%s beyond %s: %v, want %v", c.want, c.have, got, c.missing)
		}
	}
}
