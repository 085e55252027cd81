package figures_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dashboard-mvp/integrations/qtickets_api/internal/chserver"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/figures"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/simulator"
	"dashboard-mvp/integrations/qtickets_api/internal/testkit"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// profiles are settings a server's profile may have, none of which may change what is loaded, checked or shown.
var profiles = map[string]map[string]string{
	"types": {
		"aggregate_functions_null_for_empty": "1", "empty_result_for_aggregation_by_empty_set": "1", "join_use_nulls": "1",
		"group_by_use_nulls": "1", "cast_keep_nullable": "1", "transform_null_in": "1", "data_type_default_nullable": "1",
		"use_variant_as_common_type": "1", "enable_extended_results_for_datetime_functions": "1", "flatten_nested": "0",
		"force_grouping_standard_compatibility": "0",
	},
	"names": {
		"allow_experimental_analyzer": "0", "prefer_column_name_to_alias": "1", "enable_positional_arguments": "0",
		"enable_global_with_statement": "0", "union_default_mode": "DISTINCT", "join_default_strictness": "ANY",
		"any_join_distinct_right_table_keys": "1", "joined_subquery_requires_alias": "1", "force_primary_key": "1",
		"force_optimize_projection": "1", "implicit_transaction": "1", "single_join_prefer_left_table": "0",
		"dialect": "prql",
	},
	"rows": {
		"final": "1", "do_not_merge_across_partitions_select_final": "1", "optimize_on_insert": "0", "async_insert": "1",
		"wait_for_async_insert": "0", "insert_null_as_default": "0", "max_insert_block_size": "1",
		"input_format_null_as_default": "0", "input_format_defaults_for_omitted_fields": "0", "describe_compact_output": "1",
		"describe_include_subcolumns": "1", "describe_include_virtual_columns": "1", "use_query_cache": "1",
		"output_format_native_encode_types_in_binary_format": "1", "input_format_native_decode_types_in_binary_format": "1",
	},
	"values": {
		"date_time_input_format": "best_effort_us", "date_time_output_format": "unix_timestamp",
		"decimal_check_overflow": "0", "session_timezone": "America/New_York", "date_time_overflow_behavior": "throw",
	},
	"parts": {
		"limit": "1", "offset": "1", "max_rows_to_read": "3", "read_overflow_mode": "break", "max_result_rows": "1",
		"result_overflow_mode": "break", "max_rows_to_group_by": "1", "group_by_overflow_mode": "any", "max_rows_in_set": "1",
		"set_overflow_mode": "break", "max_rows_in_join": "1", "join_overflow_mode": "break", "max_rows_to_sort": "1",
		"sort_overflow_mode": "break", "max_rows_in_distinct": "1", "distinct_overflow_mode": "break",
		"additional_result_filter": "0", "extremes": "1", "max_bytes_to_read": "100", "max_result_bytes": "10",
		"max_columns_to_read": "5", "max_temporary_columns": "5", "max_subquery_depth": "2", "max_ast_elements": "1000",
		"max_expanded_ast_elements": "2000",
	},
}

// hostileServer is a ClickHouse of its own with three users and a database for each profile.
type hostileServer struct {
	*chserver.Server
}

func startHostile(t *testing.T, all map[string]map[string]string) hostileServer {
	t.Helper()
	library, err := chserver.FindLibrary(os.Getenv("CHDB_LIB"))
	if err != nil {
		t.Fatal(err)
	}
	o := chserver.Options{Library: library, DataDir: testkit.TempDir(t)}
	for name, settings := range all {
		grants, err := warehouse.Grants("zakaz_" + name)
		if err != nil {
			t.Fatal(err)
		}
		users := map[string]*chserver.User{}
		for _, g := range grants {
			if users[g.User] == nil {
				users[g.User] = &chserver.User{Name: g.User + "_" + name, Password: g.User, Settings: settings}
			}
			users[g.User].Grants = append(users[g.User].Grants, g.Rights)
		}
		for _, u := range users {
			o.Users = append(o.Users, *u)
		}
	}
	s, err := chserver.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return hostileServer{s}
}

func (s hostileServer) as(user, profile string, port int) warehouse.Config {
	return warehouse.Config{Host: "127.0.0.1", Port: port, User: user + "_" + profile, Password: user,
		Database: "zakaz_" + profile}
}

// TestFault2_3_ProfileOfTheServer: under every hostile profile, of administrator, loader and reader, a load, its
// publication, the checks and the page are what they are under none; over HTTP and over the native protocol.
func TestFault2_3_ProfileOfTheServer(t *testing.T) {
	t.Parallel()
	if only := os.Getenv("QTICKETS_PROFILE_SETTING"); only != "" { // one setting, to see which one it is
		name, value, _ := strings.Cut(only, "=")
		profiles = map[string]map[string]string{"one": {name: value}}
	}
	all := map[string]map[string]string{"none": nil}
	for name, settings := range profiles {
		all[name] = settings
	}
	world := simulator.NewWorld(simulator.WorldOptions{Seed: 31, Orders: 120, Events: 3})
	s := startHostile(t, all)
	want := s.story(t, world, "none", s.HTTPPort())
	for name := range profiles {
		t.Run(name, func(t *testing.T) {
			port := s.HTTPPort()
			if name == "types" || name == "parts" {
				port = s.TCPPort()
			}
			if diff := cmp.Diff(want, s.story(t, world, name, port), alike); diff != "" {
				t.Errorf("-without +with %v\n%s", profiles[name], diff)
			}
		})
	}
}

// story is what a load publishes, what the checks say of it and what the page shows.
func (s hostileServer) story(t *testing.T, world *simulator.World, profile string, port int) map[string]any {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", profile, err)
		}
	}
	must(warehouse.Migrate(t.Context(), s.as(embedded.Admin, profile, port)))
	db := testkit.Open(t, s.as(embedded.Loader, profile, port))
	must(db.CheckSchema(t.Context()))
	told := map[string]any{}
	for _, run := range []string{"first", "second"} {
		api := testkit.Client(t, testkit.Serve(t, world))
		report, err := pipeline.Run(t.Context(), api, db, pipeline.RunInfo{Org: "test"},
			pipeline.Options{InFlight: 4, Logger: slog.New(slog.DiscardHandler)})
		must(err)
		told[run] = fmt.Sprint(report.Mode, report.Status)
	}
	for _, v := range db.SmokeChecks(t.Context()) {
		told["check "+v.Check] = v.Status
	}
	limits := warehouse.AlertLimits{NoData: time.Hour, FailedShare: 5, OrdersDrop: 50}
	for _, a := range db.AlertFindings(t.Context(), limits) {
		must(a.Err)
		told["alert "+a.Rule] = a.Verdict
	}
	reader := testkit.Open(t, s.as(embedded.Reader, profile, port))
	dashboard, err := reader.DashboardRows(t.Context())
	must(err)
	told["shows of the dashboard"] = dashboard
	page := figures.NewStore(reader)
	version, err := page.Version(t.Context())
	must(err)
	f := figures.Filter{Version: version, Now: version.AsOf, Period: figures.PeriodAll, Compare: figures.ComparePrevious}
	days, err := page.Days(t.Context(), f)
	must(err)
	told["days"] = days
	cities, err := page.Cities(t.Context(), f)
	must(err)
	told["cities"] = cities
	channels, err := page.Channels(t.Context(), f)
	must(err)
	told["channels"] = channels
	list, err := page.Shows(t.Context(), f)
	must(err)
	for i := range list.Shows {
		list.Shows[i].SeatsAt = nil // each reads them for itself
	}
	told["shows"] = list
	for _, one := range blocksOf(page, f) {
		must(one(t.Context()))
	}
	for _, show := range list.Shows {
		f.Event, f.Show = show.EventID, show.ShowID
		pacing, err := page.Pacing(t.Context(), f)
		must(err)
		zones, err := page.Zones(t.Context(), f)
		must(err)
		for i := range zones.Zones {
			told[fmt.Sprint("zone ", show.ShowID, zones.Zones[i].Name)] = zones.Zones[i]
		}
		told[fmt.Sprint("pacing ", show.ShowID)] = pacing.Points
	}
	return told
}

// blocksOf are the other questions of the page, which need not fail.
func blocksOf(s *figures.Store, f figures.Filter) []func(context.Context) error {
	return []func(context.Context) error{
		asked(s.Cards, f), asked(s.Hours, f), asked(s.Weeks, f), asked(s.Feeds, f), asked(s.Freshness, f), asked(s.Heat, f),
		asked(s.Lead, f), asked(s.OrderSizes, f), asked(s.PaymentTypes, f), asked(s.PromoCodes, f), asked(s.Quarantine, f),
		asked(s.Choices, f), asked(s.Alerts, f), asked(s.AlertHistory, f),
	}
}

func asked[T any](question func(context.Context, figures.Filter) (T, error),
	f figures.Filter) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := question(ctx, f)
		return err
	}
}
