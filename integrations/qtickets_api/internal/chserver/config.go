package chserver

import (
	"crypto/sha256"
	"encoding/xml"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/renameio/v2"
)

// Files and folders of DataDir.
const (
	configFile = "config.xml"
	usersFile  = "users.xml"
	lockFile   = "lock"
	engineLog  = "engine.log"
	storeDir   = "data"
)

// storePath is the folder inside dataDir that the engine calls --path.
func storePath(dataDir string) string { return filepath.Join(dataDir, storeDir) }

// writeConfig writes the two files, readable by the owner only, and returns
// the path of the first.
func writeConfig(o Options, config, users, logger, sessionGrants string) (string, error) {
	dir, err := filepath.Abs(o.DataDir)
	if err != nil {
		return "", fmt.Errorf("find data folder: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("create data folder: %w", err)
	}
	path := filepath.Join(dir, config)
	if err := writeFile(filepath.Join(dir, users), usersXML(o.Users, sessionGrants)); err != nil {
		return "", err
	}
	return path, writeFile(path, configXML(o, filepath.Join(dir, users), logger))
}

// writeFile replaces a file whole: the engine reads the users while it starts. renameio.WriteFile would keep the mode
// of an older file, which may be wider.
func writeFile(path, text string) error {
	file, err := renameio.NewPendingFile(path, renameio.WithStaticPermissions(0o600),
		renameio.WithTempDir(filepath.Dir(path)))
	if err != nil {
		return fmt.Errorf("write ClickHouse configuration: %w", err)
	}
	defer func() { _ = file.Cleanup() }()
	if _, err := file.WriteString(text); err != nil {
		return fmt.Errorf("write ClickHouse configuration: %w", err)
	}
	if err := file.CloseAtomicallyReplace(); err != nil {
		return fmt.Errorf("write ClickHouse configuration: %w", err)
	}
	return nil
}

// configXML is the server's part. Pools below 4 and 16 threads make the engine
// warn all the time; caches and the memory limit suit a machine it shares with
// the loader. Nothing configures system.query_log and its kin, which would
// grow for ever.
func configXML(o Options, users, logger string) string {
	return fmt.Sprintf(`<clickhouse>
  <listen_host>127.0.0.1</listen_host>
  <http_port>%d</http_port>
  <tcp_port>%d</tcp_port>
  <users_config>%s</users_config>
  %s
  <background_pool_size>4</background_pool_size>
  <background_schedule_pool_size>16</background_schedule_pool_size>
  <max_server_memory_usage_to_ram_ratio>0.5</max_server_memory_usage_to_ram_ratio>
  <mark_cache_size>67108864</mark_cache_size>
  <primary_index_cache_size>67108864</primary_index_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <query_cache><max_size_in_bytes>16777216</max_size_in_bytes></query_cache>
</clickhouse>
`, o.HTTPPort, o.TCPPort, escape(users), logger)
}

// usersXML is the accounts' part. The session user has no password, because
// the engine logs itself in with none, and no network rule tells the engine's
// own login from one over loopback. Two things keep others out: the one session
// its profile allows is taken by the engine as long as it runs (anyone else
// gets Code 700), and its grants are only what the start needs.
func usersXML(users []User, sessionGrants string) string {
	var profiles, accounts strings.Builder
	for _, u := range users {
		fmt.Fprintf(&profiles, "    <%s>\n%s    </%[1]s>\n", profileOf(u), profileXML(u))
		fmt.Fprintf(&accounts, "    <%s>\n%s    </%[1]s>\n", u.Name, accountXML(u))
	}
	return fmt.Sprintf(`<clickhouse>
  <profiles>
    <default/>
    <session_only><max_sessions_for_user>1</max_sessions_for_user></session_only>
%s  </profiles>
  <quotas><default/></quotas>
  <users>
    <%s>
      <no_password/>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>session_only</profile>
      <quota>default</quota>
      %s
    </%[2]s>
%[4]s  </users>
</clickhouse>
`, profiles.String(), sessionUser, sessionGrants, accounts.String())
}

// profileOf names the user's own profile. The prefix keeps it apart from the
// two fixed ones.
func profileOf(u User) string { return "of_" + u.Name }

// interpreted switches compiling to machine code off: over fewer than many millions of rows it costs more
// than it saves, a sixth of the CPU of a run on a small history.
const interpreted = `      <compile_expressions>0</compile_expressions>
      <compile_aggregate_expressions>0</compile_aggregate_expressions>
      <compile_sort_description>0</compile_sort_description>
`

func profileXML(u User) string {
	var b strings.Builder
	b.WriteString(interpreted)
	for _, name := range slices.Sorted(maps.Keys(u.Settings)) {
		fmt.Fprintf(&b, "      <%s>%s</%[1]s>\n", name, escape(u.Settings[name]))
	}
	if len(u.Constraints) == 0 {
		return b.String()
	}
	b.WriteString("      <constraints>\n")
	for _, name := range slices.Sorted(maps.Keys(u.Constraints)) {
		c := u.Constraints[name]
		fmt.Fprintf(&b, "        <%s>", name)
		if c.Min != "" {
			fmt.Fprintf(&b, "<min>%s</min>", escape(c.Min))
		}
		if c.Max != "" {
			fmt.Fprintf(&b, "<max>%s</max>", escape(c.Max))
		}
		if c.ReadOnly {
			b.WriteString("<readonly/>")
		}
		fmt.Fprintf(&b, "</%s>\n", name)
	}
	b.WriteString("      </constraints>\n")
	return b.String()
}

// noPassword stands where a password's SHA-256 would: nothing known has it.
var noPassword = strings.Repeat("0", 64)

func accountXML(u User) string {
	hash, network := fmt.Sprintf("%x", sha256.Sum256([]byte(u.Password))), "<ip>127.0.0.1</ip>"
	if u.NoLogin {
		hash, network = noPassword, ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "      <password_sha256_hex>%s</password_sha256_hex>\n", hash)
	fmt.Fprintf(&b, "      <networks>%s</networks>\n", network)
	fmt.Fprintf(&b, "      <profile>%s</profile>\n      <quota>default</quota>\n", profileOf(u))
	// Without any <grants> the account would have every right.
	b.WriteString("      <grants>\n        <query>GRANT USAGE ON *.*</query>\n")
	for _, g := range u.Grants {
		if !strings.HasPrefix(strings.ToUpper(g), "GRANT ") {
			g = "GRANT " + g
		}
		fmt.Fprintf(&b, "        <query>%s</query>\n", escape(g))
	}
	b.WriteString("      </grants>\n")
	if u.Listed != "" {
		fmt.Fprintf(&b, "      <databases><system><tables><filter>%s</filter></tables></system></databases>\n",
			escape(u.Listed))
	}
	return b.String()
}

// loggerXML sends the log to a file that is rotated, ten megabytes twice. The
// level is not here: `clickhouse local` takes it from --log-level only.
func loggerXML(path string) string {
	return fmt.Sprintf("<logger><log>%s</log><size>10M</size><count>2</count></logger>", escape(path))
}

// escape makes text safe inside an XML element.
func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder cannot fail
	return b.String()
}
