package dashboard_test

import (
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/dashboard"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m, dashboard.CloseBrowser) }
