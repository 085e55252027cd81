package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"dashboard-mvp/integrations/qtickets_api/internal/config"
	"dashboard-mvp/integrations/qtickets_api/internal/doctor"
	"dashboard-mvp/integrations/qtickets_api/internal/embedded"
	"dashboard-mvp/integrations/qtickets_api/internal/warehouse"
)

// Kinds of ClickHouse.
const (
	ownServer       = "own"
	managedServer   = "managed"
	composeServer   = "compose"
	embeddedServer  = "embedded"
	everyServerKind = "own, managed, compose, embedded"
)

// chooseClickHouse settles where the data goes, and asks the server.
func (s *setup) chooseClickHouse() error {
	if err := s.chooseKind(); err != nil {
		return err
	}
	if s.kind == embeddedServer {
		s.answers["CLICKHOUSE_HOST"] = ""
		return s.settle(nil, s.checkEmbedded)
	}
	if _, set := s.file.Value("CLICKHOUSE_HOST"); s.kind == managedServer && !set {
		s.print(s.text(consoleEnglish, consoleRussian))
	}
	if s.kind == composeServer {
		s.takeCompose()
	}
	if err := s.settle(s.serverQuestions(), s.checkServer); err != nil {
		return err
	}
	if !s.create && !s.schema && len(s.rights) == 0 {
		return nil
	}
	s.print("  " + s.text("An administrator of ClickHouse is needed now, for the tables and the rights. Its password is "+
		"not kept.", "Теперь нужен администратор ClickHouse: для таблиц и прав. Его пароль не сохраняется."))
	return s.settle(s.adminQuestions(), s.checkAdmin)
}

// What only a console can do.
const (
	consoleEnglish = `  A managed ClickHouse: the following is done in its console (docs/clusters.md), init cannot do it.
    - a database (zakaz) and the users admin_min, etl_writer, datalens_reader with access to it
    - Yandex Cloud: its certificate, a PEM file named in CLICKHOUSE_CA; the hosts by their own names, not c-….rw.…`
	consoleRussian = `  Облачный ClickHouse: следующее делают в его консоли (docs/clusters.md), init этого не может.
    - база (zakaz) и пользователи admin_min, etl_writer, datalens_reader с доступом к ней
    - Yandex Cloud: сертификат, файл PEM, в CLICKHOUSE_CA; хосты — под собственными именами, не c-….rw.…`
)

// chooseKind takes the kind from the flag, from what is set, or asks.
func (s *setup) chooseKind() error {
	values, err := s.values()
	if err != nil {
		return err
	}
	_, chosen := s.file.Value("CLICKHOUSE_HOST")
	now := s.Clickhouse
	switch host := values["CLICKHOUSE_HOST"]; {
	case now != "":
	case s.Host != "" || host != "":
		if now = ownServer; doctor.Managed(strings.Split(host, ",")[0]) || doctor.Managed(strings.Split(s.Host, ",")[0]) {
			now = managedServer
		}
	case chosen:
		now = embeddedServer
	}
	if now != "" && (s.Clickhouse != "" || !s.Again || s.dialogue == nil) {
		s.kind = now
		return nil
	}
	if s.dialogue == nil {
		return fmt.Errorf("%w: --clickhouse: %s", config.ErrInvalid, s.text("say where the data is to go: "+everyServerKind,
			"укажите, куда загружать данные: "+everyServerKind))
	}
	_, noEngine := s.embeddedDir()
	if now == "" {
		now = s.proposedKind(noEngine)
	}
	s.print(s.text(`Where is the data to go?
  own       a ClickHouse server that you have already
  managed   ClickHouse of a cloud (Yandex, ClickHouse Cloud)
  compose   infra/clickhouse of this project, on this machine, in Docker
  embedded  no server: ClickHouse inside this program, data in a folder of this user`,
		`Куда загружать данные?
  own       сервер ClickHouse, который уже есть
  managed   ClickHouse в облаке (Yandex, ClickHouse Cloud)
  compose   infra/clickhouse этого проекта, на этой машине, в Docker
  embedded  без сервера: ClickHouse внутри программы, данные — в папке этого пользователя`))
	for {
		answer, err := s.dialogue.ask(s.ctx, fmt.Sprintf("ClickHouse (Enter: %s): ", now), false)
		if err != nil {
			return err
		}
		if answer = strings.TrimSpace(answer); answer == "" {
			answer = now
		}
		switch {
		case answer == embeddedServer && noEngine != nil:
			s.tell(s.embeddedWrong(noEngine))
		case slices.Contains(strings.Split(everyServerKind, ", "), answer):
			s.kind = answer
			return nil
		default:
			s.print("  ✗ " + s.text("write one of the words ", "напишите одно из слов ") + everyServerKind)
		}
	}
}

// proposedKind is what Enter takes where nothing is known: the ClickHouse of the checklist where its passwords are,
// else the embedded one where it can run.
func (s *setup) proposedKind(noEngine error) string {
	if file, err := config.OpenEnvFile(s.ComposeEnv); err == nil && file.Exists {
		return composeServer
	}
	if noEngine == nil {
		return embeddedServer
	}
	return ownServer
}

// embeddedDir is where the data of the embedded engine is; the error is why it cannot run here.
func (s *setup) embeddedDir() (string, error) {
	settings, err := s.settings()
	if err != nil {
		return "", err
	}
	dir, err := dataDir(settings)
	if err != nil {
		return "", err
	}
	return dir, s.embeddedOptions(settings, dir).Check()
}

func (s *setup) embeddedWrong(err error) *wrong {
	return &wrong{why: s.text("the embedded ClickHouse cannot run here: choose own, managed or compose",
		"встроенный ClickHouse здесь не запустить: выберите own, managed или compose"), err: err}
}

// takeCompose reads the passwords that passwords.sh has made, where this user may read them and no others are known.
func (s *setup) takeCompose() {
	if _, err := os.Stat(s.ComposeEnv); err != nil {
		return
	}
	file, err := config.OpenEnvFile(s.ComposeEnv)
	if err != nil {
		return
	}
	values, _ := s.values() // read before
	for variable, there := range map[string]string{
		"CLICKHOUSE_PASSWORD": "CLICKHOUSE_ETL_PASSWORD", "CLICKHOUSE_READER_PASSWORD": "CLICKHOUSE_READER_PASSWORD",
		"CLICKHOUSE_ADMIN_PASSWORD": "CLICKHOUSE_ADMIN_PASSWORD",
	} {
		if password, _ := file.Value(there); password != "" && values[variable] == "" {
			s.answers[variable] = password
		}
	}
	if _, set := values["CLICKHOUSE_ADMIN_USER"]; !set && s.answers["CLICKHOUSE_ADMIN_PASSWORD"] != "" {
		s.answers["CLICKHOUSE_ADMIN_USER"] = embedded.Admin
	}
}

func (s *setup) serverQuestions() []question {
	host, port := "", "8123"
	switch s.kind {
	case composeServer:
		host = "localhost"
	case managedServer:
		port = "8443"
	}
	questions := []question{
		{variable: "CLICKHOUSE_HOST", flag: "--host", given: s.Host, initial: host,
			text: s.text("Name or address of the ClickHouse server", "Имя или адрес сервера ClickHouse"),
			form: s.text("the name or address alone, such as ch.example.org or 127.0.0.1, without http://, user and password",
				"нужно только имя или адрес, например ch.example.org или 127.0.0.1, без http://, пользователя и пароля")},
		{variable: "CLICKHOUSE_PORT", flag: "--port", given: s.Port, initial: port,
			text: s.text("Its port (HTTP 8123, HTTPS 8443, native 9000, native with TLS 9440)",
				"Его порт (HTTP 8123, HTTPS 8443, native 9000, native с TLS 9440)"),
			form: s.text("a number from 1 to 65535", "нужно число от 1 до 65535")},
		{variable: "CLICKHOUSE_DATABASE", flag: "--database", given: s.Database, initial: warehouse.DefaultDatabase,
			text: s.text("Database", "База"),
			form: s.text("a plain name of Latin letters, digits and _", "нужно имя из латинских букв, цифр и _")},
		{variable: "CLICKHOUSE_USER", flag: "--user", given: s.User, initial: embedded.Loader,
			text: s.text("User of the loader", "Пользователь для загрузки"),
			form: s.text("the name of a user of ClickHouse", "нужно имя пользователя ClickHouse")},
		{variable: "CLICKHOUSE_PASSWORD", optional: true, made: s.kind == ownServer,
			text: s.text("Password of this user", "Пароль этого пользователя"),
			form: s.text("the password without quotes", "нужен пароль, без кавычек")},
		{variable: "CLICKHOUSE_READER_PASSWORD", optional: true, made: s.kind == ownServer,
			text: s.text("Password of datalens_reader, with whom the page and DataLens read",
				"Пароль datalens_reader: им читают панель и DataLens"),
			form: s.text("the password without quotes", "нужен пароль, без кавычек")},
		{variable: "CLICKHOUSE_CA", optional: true, later: true,
			text: s.text("PEM file with the certificate of the authority",
				"Файл PEM с сертификатом центра, выдавшего сертификат сервера"),
			form: s.text("a PEM file with -----BEGIN CERTIFICATE----- that this user may read; a container sees only what is "+
				"mounted", "нужен файл PEM с -----BEGIN CERTIFICATE-----, доступный этому пользователю; контейнер видит только "+
				"подключённое")},
	}
	if s.kind == composeServer && !s.Again { // all but the passwords is known
		for _, q := range questions[:4] {
			if values, _ := s.values(); values[q.variable] == "" && q.given == "" {
				s.answers[q.variable] = q.initial
			}
		}
	}
	return questions
}

func (s *setup) adminQuestions() []question {
	return []question{
		{variable: "CLICKHOUSE_ADMIN_USER", initial: embedded.Admin,
			text: s.text("Administrator of ClickHouse", "Администратор ClickHouse"),
			form: s.text("the name of a user who may create tables",
				"нужно имя пользователя, которому можно создавать таблицы")},
		{variable: "CLICKHOUSE_ADMIN_PASSWORD", optional: true,
			text: s.text("Its password", "Его пароль"),
			form: s.text("the password without quotes", "нужен пароль, без кавычек")},
	}
}

// checkEmbedded looks whether the engine can run here.
func (s *setup) checkEmbedded(ctx context.Context, _ []question) *wrong {
	settings, err := s.settings()
	if err != nil {
		return s.blame(nil, err)
	}
	dir, err := s.embeddedDir()
	if err != nil {
		return s.embeddedWrong(err)
	}
	if _, err := os.Stat(dir); err == nil { // it may hold buyers
		db, stop, err := s.openWarehouse(ctx, settings, nil)
		if err != nil {
			return &wrong{why: s.text("the embedded ClickHouse does not start: if another command uses it, end that first",
				"встроенный ClickHouse не запускается: если его занимает другая команда, завершите её"), err: err}
		}
		defer stop()
		if w := s.checkBuyers(ctx, db, s.serverWrong); w != nil {
			return w
		}
	}
	s.done("The embedded ClickHouse can run here, its data goes to %s.",
		"Встроенный ClickHouse здесь работает, данные будут в %s.", dir)
	return nil
}

// checkServer reaches the servers, logs in as the loader and as the reader, and finds out what is missing.
func (s *setup) checkServer(ctx context.Context, questions []question) *wrong {
	if w := s.checkForm(ctx, questions); w != nil {
		return w
	}
	settings, err := s.settings()
	if err != nil {
		return s.blame(questions, err)
	}
	servers := warehouseConfigs(settings.ClickHouse)
	for _, server := range servers {
		if err := warehouse.Reach(ctx, server); err != nil {
			return s.serverWrong(err)
		}
	}
	db, err := warehouse.Open(ctx, servers[0])
	s.schema, s.rights, s.create = false, nil, false
	switch {
	case errors.Is(err, warehouse.ErrAuth) && s.mayCreate(servers[0].User, servers[0].Password, "CLICKHOUSE_PASSWORD"):
		s.create, s.schema = true, true // whether it is there cannot be seen yet
		return nil
	case errors.Is(err, warehouse.ErrSchema) && s.kind == managedServer:
		return &wrong{variables: []string{"CLICKHOUSE_DATABASE"}, why: s.text(
			"there is no such database: create it in the console", "такой базы нет: создайте её в консоли"), err: err}
	case errors.Is(err, warehouse.ErrSchema):
		s.schema = true
	case err != nil:
		return s.serverWrong(err)
	default:
		defer func() { _ = db.Close() }()
		if w := s.examine(ctx, db); w != nil {
			return w
		}
	}
	s.done("ClickHouse lets %s in.", "ClickHouse принимает пользователя %s.", oneLine(settings.ClickHouse.User))
	return s.checkReader(ctx, settings, servers[0])
}

// mayCreate tells whether a user whom ClickHouse does not let in is to be made: the password is a new one, the flag
// says so, or a person does. One who is there already stays as he is.
func (s *setup) mayCreate(user, password, variable string) bool {
	switch {
	case s.kind != ownServer || password == "":
		return false
	case s.CreateUsers || slices.Contains(s.made, variable):
		return true
	case s.dialogue == nil:
		return false
	}
	prompt := s.text("  ClickHouse does not let %s in with this password. Is there no such user yet, and shall an "+
		"administrator create it with this password? [y/N] ", "  ClickHouse не принимает %s с этим паролем. Такого "+
		"пользователя ещё нет, и администратор должен создать его с этим паролем? [y/N] ")
	answer, err := s.dialogue.ask(s.ctx, fmt.Sprintf(prompt, oneLine(user)), false)
	return err == nil && isYes(answer)
}

// examine looks at the schema and the rights of the loader.
func (s *setup) examine(ctx context.Context, db *warehouse.DB) *wrong {
	err := db.CheckSchema(ctx)
	switch {
	case errors.Is(err, warehouse.ErrSchema):
		s.schema = true
	case err != nil:
		return s.serverWrong(err)
	}
	if s.rights, _, err = db.CompareRights(ctx, embedded.Loader); err != nil {
		return s.serverWrong(err)
	}
	if s.schema || len(s.rights) > 0 {
		return nil
	}
	return s.checkBuyers(ctx, db, s.serverWrong)
}

// checkBuyers refuses to make another key for buyers that were hashed already. explain is for what goes wrong
// meanwhile.
func (s *setup) checkBuyers(ctx context.Context, db *warehouse.DB, explain func(error) *wrong) *wrong {
	values, err := s.values()
	if err != nil || values[buyerKey] != "" {
		return nil //nolint:nilerr // what is wrong with the settings is told elsewhere
	}
	hashed, err := db.HashedBuyers(ctx)
	switch {
	case errors.Is(err, warehouse.ErrSchema), err == nil && hashed == 0:
		return nil //nolint:nilerr // without the table there is nobody
	case err != nil:
		return explain(err)
	}
	return &wrong{why: fmt.Sprintf(s.text("the database holds %d orders whose buyers were hashed with a key that is not "+
		"set here, and with another one every buyer would become a new person: set QTICKETS_BUYER_KEY to that key and run "+
		"this again", "в базе заказов с хешами покупателей: %d, а ключа, которым они посчитаны, здесь нет; с другим ключом "+
		"каждый покупатель стал бы новым. Задайте прежний QTICKETS_BUYER_KEY и запустите ещё раз"), hashed), ends: true}
}

// checkReader logs in as the page does.
func (s *setup) checkReader(ctx context.Context, settings config.Config, server warehouse.Config) *wrong {
	if settings.ReaderPassword == "" || s.schema {
		return nil
	}
	server.User, server.Password = settings.ReaderUser, settings.ReaderPassword
	db, err := warehouse.Open(ctx, server)
	switch {
	case errors.Is(err, warehouse.ErrAuth) && s.mayCreate(server.User, server.Password, "CLICKHOUSE_READER_PASSWORD"):
		s.create = true
		return nil
	case errors.Is(err, warehouse.ErrAuth):
		return &wrong{variables: []string{"CLICKHOUSE_READER_PASSWORD"}, why: fmt.Sprintf(s.text(
			"ClickHouse refuses %s or this password: type it again, or leave it empty, then the page shows no figures",
			"ClickHouse не принимает %s с этим паролем: введите его ещё раз или оставьте пустым, тогда панель не покажет чисел"),
			server.User), err: err}
	case err != nil:
		return s.serverWrong(err)
	}
	_ = db.Close()
	return nil
}

// serverWrong says what is wrong with a ClickHouse, and whose answer it is.
func (s *setup) serverWrong(err error) *wrong {
	w := &wrong{err: err}
	switch {
	case errors.Is(err, warehouse.ErrAuth):
		w.variables = []string{"CLICKHOUSE_USER", "CLICKHOUSE_PASSWORD"}
		w.why = s.text("ClickHouse refuses this user or this password (it does not say which). Is there no such user yet? "+
			"An administrator makes one: CREATE USER etl_writer IDENTIFIED BY '<password>'",
			"ClickHouse не принимает этого пользователя или этот пароль (что именно, он не говорит). Такого пользователя ещё "+
				"нет? Его создаёт администратор: CREATE USER etl_writer IDENTIFIED BY '<пароль>'")
	case errors.Is(err, warehouse.ErrCertificate):
		w.variables = []string{"CLICKHOUSE_CA", "CLICKHOUSE_HOST", "CLICKHOUSE_PORT"}
		w.why = s.text("the certificate of the server is not accepted: name the certificate of the authority that issued "+
			"it, or write the name the certificate is made out to", "сертификат сервера не принят: укажите сертификат центра, "+
			"который его выдал, или имя сервера, на которое он выдан")
	case errors.Is(err, warehouse.ErrPermission):
		w.variables = []string{"CLICKHOUSE_USER", "CLICKHOUSE_PASSWORD"}
		w.why = s.text("this user may not do what a load needs: take readonly=1 and constraints out of its profile, or name "+
			"another user", "этому пользователю не хватает прав для загрузки: уберите readonly=1 и ограничения из его профиля "+
			"или укажите другого")
	case errors.Is(err, warehouse.ErrSeveralServers):
		w.variables = []string{"CLICKHOUSE_HOST"}
		w.why = s.text("several servers answer at this address: name the servers themselves, with commas between",
			"по этому адресу отвечают несколько серверов: укажите сами серверы, через запятую")
	case errors.Is(err, warehouse.ErrUnavailable):
		w.variables = []string{"CLICKHOUSE_HOST", "CLICKHOUSE_PORT"}
		w.why = s.text("no ClickHouse answers there: check the name, the port, that it runs and the firewall; a port other "+
			"than 8443 and 9440 with TLS needs CLICKHOUSE_SECURE=true; inside a container localhost is the container itself",
			"ClickHouse там не отвечает: проверьте имя, порт, запущен ли он, и файрвол; для TLS на порту, отличном от 8443 и "+
				"9440, нужно CLICKHOUSE_SECURE=true; внутри контейнера localhost — это сам контейнер")
	default:
		w.why = s.text("ClickHouse answers, but a check failed: mend what it says and try again",
			"ClickHouse отвечает, но проверка не удалась: исправьте причину и попробуйте ещё раз")
	}
	return w
}

// admin are the connections of the administrator, and how the tables are laid out.
func (s *setup) admin() ([]warehouse.Config, warehouse.Layout, error) {
	settings, err := s.settings()
	servers := warehouseConfigs(settings.ClickHouse)
	for i := range servers {
		servers[i].User, servers[i].Password = settings.ClickHouse.AdminUser, settings.ClickHouse.AdminPassword
	}
	return servers, warehouse.Layout{Database: settings.ClickHouse.Database, Replicated: len(servers) > 1,
		NoDatabase: s.kind == managedServer}, err
}

// checkAdmin logs in as the administrator.
func (s *setup) checkAdmin(ctx context.Context, questions []question) *wrong {
	if w := s.checkForm(ctx, questions); w != nil {
		return w
	}
	servers, layout, err := s.admin()
	if err != nil {
		return s.blame(questions, err)
	}
	db, err := warehouse.Open(ctx, servers[0])
	switch {
	case errors.Is(err, warehouse.ErrSchema) && !layout.NoDatabase: // there is no database yet
	case err != nil:
		return s.adminWrong(err)
	default:
		defer func() { _ = db.Close() }()
		if w := s.checkBuyers(ctx, db, s.adminWrong); w != nil {
			return w
		}
	}
	s.done("ClickHouse lets %s in.", "ClickHouse принимает пользователя %s.", oneLine(servers[0].User))
	return nil
}

// adminWrong says what is wrong with the administrator.
func (s *setup) adminWrong(err error) *wrong {
	w := s.serverWrong(err)
	if errors.Is(err, warehouse.ErrAuth) || errors.Is(err, warehouse.ErrPermission) {
		w.variables = []string{"CLICKHOUSE_ADMIN_USER", "CLICKHOUSE_ADMIN_PASSWORD"}
		w.why = s.text("ClickHouse refuses this administrator or the password: type them again",
			"ClickHouse не принимает этого администратора или пароль: введите их ещё раз")
		if errors.Is(err, warehouse.ErrPermission) {
			w.why = s.text("this user may not create tables here: name an administrator (admin_min, or default of your own "+
				"server)",
				"этот пользователь не может создавать здесь таблицы: укажите администратора (admin_min или default на своём "+
					"сервере)")
		}
		return w
	}
	w.variables = nil // those of the loader were right a moment ago
	return w
}
