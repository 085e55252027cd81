package warehouse

import (
	"regexp"
	"strings"

	"github.com/ClickHouse/clickhouse-go/v2"
)

// sessionLimits names the .sql file with the limits that a session takes away from itself where its profile lets it.
const sessionLimits = "session_limits"

// sessionPriority names the .sql file with the priority over queries of BI.
const sessionPriority = "session_priority"

var setting = regexp.MustCompile(`(\w+) = ('[^']*'|\d+)[,;]`)

// sessionSettings are those of sql/session.sql and of the other files.
func sessionSettings(others ...string) clickhouse.Settings {
	settings := clickhouse.Settings{}
	for _, name := range append([]string{"session"}, others...) {
		for _, s := range setting.FindAllStringSubmatch(withoutComments(SQL(name)), -1) {
			settings[s[1]] = strings.Trim(s[2], "'")
		}
	}
	return settings
}
