package doctor

import (
	"os"
	"path/filepath"
)

// clickhouseEnv holds the password of the administrator of ClickHouse.
const clickhouseEnv = projectDir + "/infra/clickhouse/.env"

// owners: root runs the scripts of the repository, so whoever may change them, or put another folder in its place, is
// root; and the administrator's password is root's alone. What is not there is told elsewhere.
func (h host) owners() {
	if !h.installed() {
		return
	}
	for _, path := range []string{filepath.Dir(projectDir), projectDir, projectDir + "/ops/systemd"} {
		if info, err := os.Stat(h.at(path)); err == nil && (!h.ofRoot(info) || info.Mode().Perm()&0o022 != 0) {
			h.warn(1, path, h.say("somebody else than root may change it, and root runs its scripts",
				"менять может не только root, а запускает скрипты root"), "sudo chown root:root "+filepath.Dir(projectDir)+
				" && sudo chown -R root:root "+projectDir+" && sudo chmod -R go-w "+projectDir)
			break
		}
	}
	file := own(h.organiser, clickhouseEnv)
	if info, err := os.Stat(h.at(file)); err == nil && (!h.ofRoot(info) || info.Mode().Perm()&0o077 != 0) {
		h.warn(2, file, h.say("somebody else than root can read the administrator's password of ClickHouse",
			"пароль администратора ClickHouse может прочитать не только root"), "sudo chown root:root "+file+
			" && sudo chmod 600 "+file)
	}
}

// ofRoot tells whether root owns a file; where owners are unknown, all is well.
func (h host) ofRoot(info os.FileInfo) bool {
	owner, known := ownerOf(info)
	return !known || owner == h.rootID
}
