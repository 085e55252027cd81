package figures_test

import (
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }
