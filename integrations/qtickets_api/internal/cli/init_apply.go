package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"dashboard-mvp/integrations/qtickets_api/internal/alert"
	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/contract"
	"dashboard-mvp/integrations/qtickets_api/internal/dashboard/format"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/ledger"
	"dashboard-mvp/integrations/qtickets_api/internal/pipeline"
	"dashboard-mvp/integrations/qtickets_api/internal/qtickets"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

func (s *setup) recipients(variable, english, russian string) question {
	return question{variable: variable, optional: true, text: s.text(english, russian),
		form: s.text("addresses such as telegram://TOKEN@telegram?chats=ID or smtp://…, with blanks between (docs/alerts.md)",
			"нужны адреса вида telegram://TOKEN@telegram?chats=ID или smtp://…, через пробел (docs/alerts.md)")}
}

// namesQuestions are those after which everything works without.
func (s *setup) namesQuestions() []question {
	return []question{
		{variable: "ORG_NAME", flag: "--org", given: s.Org, optional: true,
			text: s.text("Name of the organiser, for the page and the messages",
				"Название организатора, для панели и сообщений"),
			form: s.text("a short text", "нужен короткий текст")},
		s.recipients("ALERT_URLS", "Who is told of problems with loading: "+
			"telegram://TOKEN@telegram?chats=ID or smtp://…, see docs/alerts.md (a test message goes there at once)",
			"Кому сообщать о проблемах с загрузкой: "+
				"telegram://ТОКЕН@telegram?chats=ID или smtp://…, см. docs/alerts.md (туда сразу уйдёт пробное сообщение)"),
		s.recipients("DIGEST_URLS", "Who gets the morning message: an address of the same kind "+
			"(a test message goes there at once)",
			"Кому отправлять утреннее сообщение: такой же адрес (туда сразу уйдёт пробное сообщение)"),
	}
}

// checkNames judges recipients by their form, and those that were just typed by a message.
func (s *setup) checkNames(ctx context.Context, questions []question) *wrong {
	if w := s.checkForm(ctx, questions); w != nil {
		return w
	}
	values, err := s.values()
	if err != nil {
		return s.blame(questions, err)
	}
	for _, q := range questions[1:] {
		channels, err := alert.ParseChannels(values[q.variable])
		if err != nil {
			return &wrong{variables: []string{q.variable}, why: s.text("this is no address that a message can be sent to: ",
				"на такой адрес сообщение не отправить: ") + q.form, err: err}
		}
		if !s.typed[q.variable] {
			continue
		}
		for _, c := range channels {
			if _, err := c.Send(ctx, alert.TestMessage(s.lang, values["ORG_NAME"]), ""); err != nil {
				return &wrong{variables: []string{q.variable}, why: s.text("the test message was not accepted: look at the "+
					"address, and whether the bot is in the chat", "пробное сообщение не принято: проверьте адрес и есть ли бот в "+
					"чате"),
					err: err}
			}
			s.done("the test message is sent: %s", "пробное сообщение отправлено: %s", c.Name)
		}
		delete(s.typed, q.variable) // it is sent once
	}
	return nil
}

// plan shows what will be done.
func (s *setup) plan() {
	s.print("\n" + s.text("This will be done:", "Будет сделано:"))
	step := 0
	line := func(english, russian string, arguments ...any) {
		step++
		s.print(fmt.Sprintf("  %d. "+s.text(english, russian), append([]any{step}, arguments...)...))
	}
	if changed := s.file.Changed(); len(changed) > 0 {
		line("write %s (mode 600): %s; every other line stays", "записать %s (режим 600): %s; остальные строки не меняются",
			s.file.Path, strings.Join(changed, ", "))
	}
	if len(s.made) > 0 {
		s.print("     " + s.text("made now, with random numbers: ", "создаются сейчас, случайные: ") +
			strings.Join(s.made, ", "))
	}
	if !slices.Contains(s.made, buyerKey) {
		s.print("     " + s.text("QTICKETS_BUYER_KEY stays: with another one every buyer would become a new person",
			"QTICKETS_BUYER_KEY не меняется: с другим ключом каждый покупатель стал бы новым"))
	}
	values, _ := s.values() // read before
	database := cmp.Or(values["CLICKHOUSE_DATABASE"], warehouse.DefaultDatabase)
	admin := cmp.Or(values["CLICKHOUSE_ADMIN_USER"], embedded.Admin)
	switch {
	case s.kind == embeddedServer:
		line("start the embedded ClickHouse and bring its tables up to date",
			"запустить встроенный ClickHouse и обновить его таблицы")
	case s.schema:
		line("create or update the tables and views of database %s, as %s; no data is deleted",
			"создать или обновить таблицы и представления базы %s, пользователь %s; данные не удаляются", database,
			oneLine(admin))
	}
	if s.create {
		line("create the users %s with passwords that only the settings hold, and give them their rights, as %s",
			"создать пользователей %s с паролями, которые есть только в настройках, и дать им права, пользователь %s",
			strings.Join(s.newUsers(values), ", "), oneLine(admin))
	}
	if len(s.rights) > 0 {
		line("give the user of the loader the rights it lacks: %s", "дать пользователю загрузки недостающие права: %s",
			strings.Join(s.rights, "; "))
	}
	line("load the sales from QTickets (the first time the whole history; an interrupted load goes on)",
		"загрузить продажи из QTickets (в первый раз — всю историю; прерванная загрузка продолжится)")
}

// apply does what the plan says. Each step may be repeated.
func (s *setup) apply() error {
	err := s.steps()
	if err != nil && !errors.Is(err, errPartial) {
		s.print(s.text("What was done so far stays; the same command goes on from here.",
			"Сделанное до этого места сохранено; та же команда продолжит отсюда."))
	}
	return s.stopped(err)
}

func (s *setup) steps() error {
	if len(s.file.Changed()) > 0 {
		if err := s.file.Write(); err != nil {
			return err
		}
		s.done("the settings are written: %s", "настройки записаны: %s", s.file.Path)
	}
	settings, err := s.settings()
	if err != nil {
		return err
	}
	if s.kind != embeddedServer {
		if err := s.applySchema(settings); err != nil {
			return err
		}
	}
	return s.firstLoad(settings)
}

// applySchema makes the tables, then gives the rights that the loader turns out to lack.
func (s *setup) applySchema(settings config.Config) error {
	if s.schema {
		if err := s.asAdmin(func(servers []warehouse.Config, layout warehouse.Layout) error {
			return layout.Migrate(s.ctx, servers)
		}); err != nil {
			return err
		}
		s.done("the tables are up to date", "таблицы созданы и обновлены")
	}
	loader := warehouseConfigs(settings.ClickHouse)[0]
	missing, err := s.lacking(loader)
	if err == nil && len(missing) == 0 && !s.create {
		return nil
	}
	if err != nil && !s.create {
		return err
	}
	users, err := s.users(settings)
	if err != nil {
		return err
	}
	err = s.asAdmin(func(servers []warehouse.Config, _ warehouse.Layout) error {
		return s.tellEach(servers, users)
	})
	if err == nil {
		missing, err = s.lacking(loader)
	}
	if err == nil && len(missing) == 0 {
		s.done("the users have their rights", "права выданы")
		return nil
	}
	return s.byHand(users, err)
}

// users are the statements that make the users, where they are new, and give them their rights.
func (s *setup) users(settings config.Config) ([]string, error) {
	var all []string
	loader, reader := settings.ClickHouse, settings.ReaderUser
	if s.create {
		all = append(all, warehouse.CreateUser(loader.User, loader.Password, ""))
		if settings.ReaderPassword != "" {
			all = append(all, warehouse.CreateUser(reader, settings.ReaderPassword, embedded.ReaderSettings()))
		}
	}
	rights, err := warehouse.RightsOf(loader.Database, embedded.Loader, loader.User)
	if err != nil {
		return nil, err
	}
	all = append(all, rights...)
	if settings.ReaderPassword != "" {
		rights, err = warehouse.RightsOf(loader.Database, embedded.Reader, reader)
		all = append(all, rights...)
	}
	return all, err
}

// newUsers are their names.
func (s *setup) newUsers(values map[string]string) []string {
	names := []string{cmp.Or(values["CLICKHOUSE_USER"], embedded.Loader)}
	if values["CLICKHOUSE_READER_PASSWORD"] != "" {
		names = append(names, cmp.Or(values["CLICKHOUSE_READER_USER"], embedded.Reader))
	}
	return names
}

// lacking are the rights that the loader does not have.
func (s *setup) lacking(loader warehouse.Config) ([]string, error) {
	db, err := warehouse.Open(s.ctx, loader)
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }()
	missing, _, err := db.CompareRights(s.ctx, embedded.Loader)
	return missing, err
}

// asAdmin does something as the administrator, and asks for another one who may.
func (s *setup) asAdmin(do func([]warehouse.Config, warehouse.Layout) error) error {
	for {
		servers, layout, err := s.admin()
		if err == nil {
			err = do(servers, layout)
		}
		if s.dialogue == nil || (!errors.Is(err, warehouse.ErrPermission) && !errors.Is(err, warehouse.ErrAuth)) {
			return err
		}
		if err := s.retry(s.adminQuestions(), s.adminWrong(err)); err != nil {
			return err
		}
	}
}

// tellEach runs statements on every server.
func (s *setup) tellEach(servers []warehouse.Config, statements []string) error {
	for _, server := range servers {
		server.Database = ""
		db, err := warehouse.Open(s.ctx, server)
		if err != nil {
			return err
		}
		err = db.Administer(s.ctx, statements)
		_ = db.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// byHand says which statements somebody else has to run. They hold hashes of passwords, no passwords.
func (s *setup) byHand(statements []string, err error) error {
	s.print("  ✗ " + s.text("The rights cannot be given from here. Have an administrator run this (in a cloud: give "+
		"these users access to the database in the console), then run init again:",
		"Выдать права отсюда нельзя. Пусть администратор выполнит (в облаке — откройте этим пользователям базу в консоли), "+
			"затем запустите init ещё раз:"))
	for _, statement := range statements {
		s.print("    " + statement + ";")
	}
	if err == nil {
		return errReported
	}
	return err
}

// firstLoad is a load without a time budget, then what it brought.
func (s *setup) firstLoad(settings config.Config) error {
	s.print("  … " + s.text("loading (after a load that was killed it begins within half a minute)",
		"загрузка (после прерванной начнётся в течение полуминуты)"))
	settings.RunTimeout = 0
	// A person sees the progress, then the result in words.
	if settings.LogLevel == slog.LevelInfo && isTerminal(s.Stderr) {
		settings.LogLevel = slog.LevelError
	}
	report, err := s.perform(settings, s.load, pipeline.Options{}, false)
	if err != nil && !errors.Is(err, errPartial) {
		return s.notLoaded(err)
	}
	s.done("loaded: %d orders, %d tickets", "загружено: заказов — %d, билетов — %d", report.Orders, report.SalesRows)
	if report.Status == ledger.Partial {
		s.print("  ! " + s.text("something was left out: ", "загружено не всё: ") + s.say(report.Message))
	}
	return errors.Join(err, s.sentence(settings))
}

// notLoaded explains a load that failed.
func (s *setup) notLoaded(err error) error {
	if errors.Is(err, ledger.ErrLeaseHeld) {
		s.print("  ✗ " + s.text("another load is going on: wait for its end, then run init again",
			"идёт другая загрузка: дождитесь её конца и запустите init ещё раз"))
	}
	return err
}

// sentence is what a person compares with the cabinet, and where the page is.
func (s *setup) sentence(settings config.Config) error {
	db, stop, err := s.openSchema(s.ctx, settings)
	if err != nil {
		return err
	}
	defer stop()
	figures, err := db.FirstFigures(s.ctx)
	if err != nil {
		return err
	}
	s.print("")
	if len(figures) == 0 {
		s.print(s.text("No tickets were sold yesterday or this month. Compare with the cabinet of QTickets.",
			"Вчера и в этом месяце билетов не продано. Сравните с кабинетом QTickets."))
	}
	l := format.Locale(s.lang)
	amount := func(tickets int64, m qtickets.Money, currency string) string {
		return l.T("digest.tickets", tickets) + ", " + l.Money(decimal.New(int64(m), -2), currency)
	}
	for _, f := range figures {
		s.print(fmt.Sprintf(s.text("Yesterday, %s: %s; this month: %s. Compare with the cabinet of QTickets.",
			"Вчера, %s: %s; в этом месяце: %s. Сравните с кабинетом QTickets."), l.Day(f.Yesterday),
			amount(f.TicketsYesterday, f.RevenueYesterday, f.Currency), amount(f.TicketsMonth, f.RevenueMonth, f.Currency)))
	}
	stored, err := db.Assumptions(s.ctx)
	if err != nil {
		return err
	}
	s.print(contractSummary(contract.Standings(stored), s.lang) + s.text(" All of them:", " Все:"))
	s.print("  " + s.command("contract"))
	if settings.Digest.PageURL != "" {
		s.print(s.text("The page: ", "Панель: ") + settings.Digest.PageURL)
	}
	s.print(s.text("Start the page, with loads every 15 minutes; it prints its link:",
		"Запустить панель с загрузкой каждые 15 минут; она напечатает ссылку:"))
	s.print("  " + s.command("serve --every 15m"))
	return nil
}

// command is one of this program as it was started, with the settings of this run.
func (s *setup) command(arguments string) string {
	text := cmp.Or(s.Program, "qtickets_api") + " " + arguments + " --envfile " + s.file.Path
	if s.inImage() {
		text = "sudo docker run --rm --network host --env-file " + s.file.Path + " qtickets_api:latest " + arguments
	}
	if s.flagLang != "" {
		text += " --lang " + s.flagLang
	}
	return text
}
