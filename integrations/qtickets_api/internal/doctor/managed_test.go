package doctor

import (
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestManagedServices: where there is no container to look into, no command says so.
func TestManagedServices(t *testing.T) {
	t.Parallel()
	for host, managed := range map[string]bool{
		"rc1a-abc.mdb.yandexcloud.net": true, "C-X.RW.MDB.YandexCloud.net.": true, "x.eu-west-1.aws.clickhouse.cloud": true,
		"ch-zakaz": false, "127.0.0.1": false, "mdb.yandexcloud.net.example.test": false,
	} {
		o := Options{Servers: []warehouse.Config{{Host: host}}}
		if fix := o.clickHouseFix("docker exec"); Managed(host) != managed || (fix == "docker exec") == managed {
			t.Errorf("%s: %v, %s", host, Managed(host), fix)
		}
	}
	if fix := (Options{Servers: make([]warehouse.Config, 2)}).clickHouseFix("docker exec"); fix != "docs/clusters.md" {
		t.Errorf("several: %s", fix)
	}
	if fix := (Options{}).clickHouseFix("docker exec"); fix != "docker exec" {
		t.Errorf("embedded: %s", fix)
	}
}
