package testkit

import (
	_ "embed"
	"strings"
	"sync"
	"testing"
	"time"

	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

//go:embed testdata/million.sql
var millionSQL string

var million struct {
	once   sync.Once
	config warehouse.Config
}

// Million is the database of a box office with a million tickets, filled and published at first use. For benchmarks.
func Million(b *testing.B) warehouse.Config {
	b.Helper()
	million.once.Do(func() {
		million.config = keptDatabase(b)
		migrate(b, million.config)
		conn := Raw(b, As(b, million.config, embedded.Admin))
		for statement := range strings.SplitSeq(millionSQL, ";\n") {
			if err := conn.Exec(b.Context(), statement); err != nil {
				b.Fatal(err)
			}
		}
		if _, err := Open(b, million.config).Publish(b.Context(),
			warehouse.PublishOptions{Run: "bench", AsOf: time.Now()}); err != nil {
			b.Fatal(err)
		}
		var tickets uint64
		if err := conn.QueryRow(b.Context(),
			"SELECT toUInt64(sum(tickets)) FROM fact_qtickets_movements").Scan(&tickets); err != nil || tickets != 1_000_000 {
			b.Fatalf("%d tickets, want a million: %v", tickets, err)
		}
	})
	return million.config
}
