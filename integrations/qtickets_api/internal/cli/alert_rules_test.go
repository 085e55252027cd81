package cli_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/alert"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestEveryRuleHasItsWords: a rule of the alerts has a name and a next step on the page, in both languages, and a row
// in the document.
func TestEveryRuleHasItsWords(t *testing.T) {
	t.Parallel()
	document, err := os.ReadFile("../../../../docs/alerts.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, rule := range append(slices.Clone(warehouse.AlertRules), alert.ShowRules...) {
		for _, lang := range []format.Locale{format.Russian, format.English} {
			if lang.TOr("rule."+rule, "") == "" || lang.TOr("next."+rule, "") == "" {
				t.Errorf("%s has no name or no next step in %s on the page", rule, lang)
			}
		}
		if !strings.Contains(string(document), "| `"+rule+"` —") {
			t.Errorf("%s is not in docs/alerts.md", rule)
		}
	}
}
