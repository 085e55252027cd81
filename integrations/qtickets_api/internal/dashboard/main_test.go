package dashboard

import (
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

// TestMain also ends the browser that the tests have started.
func TestMain(m *testing.M) {
	testkit.Main(m, func() {
		if chromium.close != nil {
			chromium.close()
		}
	})
}
