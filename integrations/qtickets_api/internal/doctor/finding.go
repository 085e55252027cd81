package doctor

// Finding is one line of the examination.
type Finding struct {
	Step   int    `json:"step"` // of the deployment checklist; 0: before it
	Check  string `json:"check"`
	Status Status `json:"status"`
	Found  string `json:"found"`
	Fix    string `json:"fix,omitempty"` // the command that helps, or that looks further
}

// Status of a finding.
type Status string

// OK is as it should be; Warn works, or cannot be seen from here; Fail does not work or leaks.
const (
	OK   Status = "ok"
	Warn Status = "warn"
	Fail Status = "fail"
)

// report collects the findings of an examination in one language.
type report struct {
	russian  bool
	findings []Finding
}

func (c *report) ok(step int, check, found string) {
	c.findings = append(c.findings, Finding{Step: step, Check: check, Status: OK, Found: found})
}

func (c *report) warn(step int, check, found, fix string) {
	c.findings = append(c.findings, Finding{Step: step, Check: check, Status: Warn, Found: found, Fix: fix})
}

func (c *report) fail(step int, check, found, fix string) {
	c.findings = append(c.findings, Finding{Step: step, Check: check, Status: Fail, Found: found, Fix: fix})
}

// say picks the language.
func (c *report) say(english, russian string) string {
	if c.russian {
		return russian
	}
	return english
}

// LastStep of the checklist.
const LastStep = 11

// Steps are the titles of the checklist's steps.
func Steps(russian bool) map[int]string {
	if russian {
		return map[int]string{
			1: "Репозиторий", 2: "Секреты и переменные", 3: "ClickHouse", 4: "Образ Docker", 5: "API QTickets",
			6: "Юниты systemd",
			7: "Расписание", 8: "Данные", 9: "Проверки данных", 10: "DataLens", 11: "Сервер",
		}
	}
	return map[int]string{
		1: "Repository", 2: "Secrets and variables", 3: "ClickHouse", 4: "Image", 5: "QTickets API", 6: "systemd units",
		7: "Schedule", 8: "Data", 9: "Smoke checks", 10: "DataLens", 11: "Server",
	}
}
