package crash_test

import (
	"os"
	"strings"
	"testing"

	"dashboard-mvp/integrations/qtickets_api/internal/chserver"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// TestReadOnlyUser: a loader whose ClickHouse user has every right but a read-only settings profile is
// told which setting to take away.
func TestReadOnlyUser(t *testing.T) {
	t.Parallel()
	library, err := chserver.FindLibrary(os.Getenv("CHDB_LIB"))
	if err != nil {
		t.Fatal(err)
	}
	everything := []string{"ALL ON zakaz.*", "TABLE ENGINE ON *"}
	options := chserver.Options{Library: library, DataDir: t.TempDir(), NoTCP: true, Users: []chserver.User{
		{Name: "admin", Password: "secret of admin", Grants: everything},
	}}
	for _, level := range []string{"1", "2"} {
		options.Users = append(options.Users, chserver.User{
			Name: "readonly" + level, Password: "secret of " + level, Grants: everything,
			Settings: map[string]string{"readonly": level},
		})
	}
	engine, err := chserver.Start(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	c := warehouse.Config{Host: "127.0.0.1", Port: engine.HTTPPort(), Database: warehouse.DefaultDatabase}
	as := func(u chserver.User) warehouse.Config {
		c.User, c.Password = u.Name, u.Password
		return c
	}
	if err := warehouse.Migrate(t.Context(), as(options.Users[0])); err != nil {
		t.Fatal(err)
	}
	api := testkit.Serve(t, simulator.NewWorld(simulator.WorldOptions{Seed: 71, Orders: few, Events: 3}))
	for _, u := range options.Users[1:] {
		loader := startLoader(t, api.URL(), api.Token(), as(u), "sync")
		code, said := loader.wait(), loader.text()
		if code != failed || !strings.Contains(said, `take "readonly" out of the settings profile of `+u.Name) {
			t.Errorf("%s: exit code %d, want 1 and what to do\n%s", u.Name, code, said)
		}
		if n := api.Counters().Total; n != 0 {
			t.Errorf("%s: %d requests to QTickets before the login was found to be useless", u.Name, n)
		}
	}
}
