package block

import (
	"fmt"
	"regexp"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/address"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
)

// TestBlocksAreDescribed: each has a name that fits an address, a title in both languages and a position of its own,
// and a question that is shared is that of another block.
func TestBlocksAreDescribed(t *testing.T) {
	t.Parallel()
	positions := map[string]string{}
	total := 0
	for _, screen := range append(address.Screens(), address.Explain) {
		for _, b := range At(screen) {
			total++
			if !regexp.MustCompile(`^[a-z-]+$`).MatchString(b.ID) {
				t.Errorf("%q does not fit an address", b.ID)
			}
			position := fmt.Sprint(screen, " ", b.Order)
			if other, taken := positions[position]; taken {
				t.Errorf("%s and %s both stand at %s", b.ID, other, position)
			}
			positions[position] = b.ID
			for _, l := range format.Locales() {
				if l.TOr(b.ID+".title", "") == "" {
					t.Errorf("format/texts.json has no %s.title in %s", b.ID, l)
				}
			}
			if asked, _ := ByID(b.Question); b.HasQuery() && (!asked.HasQuery() || asked.Question != b.Question) {
				t.Errorf("%s shares the question of %q, which is no block that asks", b.ID, b.Question)
			}
		}
	}
	if total != len(blocks) {
		t.Errorf("%d of %d blocks stand on a screen", total, len(blocks))
	}
}
