package doctor

import "strings"

// own is a text about a single organiser's installation, said of one of several: its files, units, users and database
// have its name in them (docs/organisers.md). "" is the single one.
func own(organiser, text string) string {
	if organiser == "" {
		return text
	}
	renamed := []string{
		migrateFix, "sudo ops/install.sh --organiser " + organiser,
		grantsFix, "sudo infra/clickhouse/passwords.sh " + organiser,
		"ops/install.sh", "ops/install.sh --organiser " + organiser,
		"/.env.qtickets_api", "/" + organiser + ".env",
		"infra/clickhouse/.env", "infra/clickhouse/organisers/" + organiser + ".env",
		"--user=admin_min", "--user=admin_min_" + organiser,
		"--user=datalens_reader", "--user=datalens_reader_" + organiser,
		"FROM zakaz.", "FROM zakaz_" + organiser + ".",
	}
	for _, unit := range []string{"qtickets_api", "qtickets_reconcile", "qtickets_alerts"} {
		for _, kind := range []string{".service", ".timer"} {
			renamed = append(renamed, unit+kind, unit+"@"+organiser+kind)
		}
	}
	return strings.NewReplacer(renamed...).Replace(text)
}

// template is the file of a unit: all organisers but a single one share it.
func template(organiser, unit string) string {
	if organiser == "" {
		return unit
	}
	name, kind, _ := strings.Cut(unit, ".")
	return name + "@." + kind
}
