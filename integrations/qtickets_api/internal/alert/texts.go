package alert

// ruleText is what a rule says: what is wrong, how it is when nothing is, the figures, the next step.
type ruleText struct{ title, fine, found, todo string }

// frame is what stands around it.
type frame struct {
	kinds                 map[notice]string
	showKinds             map[notice]string // of the organiser's incidents
	since, over, incident string
	test, testBody        string
}

func known(lang string) string {
	if _, ok := rules[lang]; ok {
		return lang
	}
	return "en"
}

func rule(lang, name string, facts map[string]string) ruleText {
	if t, ok := rules[known(lang)][textName(name, facts)]; ok {
		return t
	}
	return ruleText{title: name} // of an incident kept by another version of the program
}

// willMissUsual names the texts of will_miss about a show without a plan.
const willMissUsual = "will_miss_usual"

// textName is the name of the texts of a rule.
func textName(rule string, facts map[string]string) string {
	if _, usual := facts["usual"]; usual && rule == RuleWillMiss {
		return willMissUsual
	}
	return rule
}

var frames = map[string]frame{
	"ru": {
		kinds:     map[notice]string{opened: "", grown: "стало хуже: ", ended: "устранено: "},
		showKinds: map[notice]string{opened: "", ended: "больше не так: "},
		since:     "Началось %s (МСК).", over: "Было с %s до %s (МСК), длилось %s (ч:мм).",
		incident: "Тревога %s, таблица meta_alerts.",
		test:     "пробное оповещение", testBody: "Это пробное сообщение: оповещения доходят. Делать ничего не нужно.",
	},
	"en": {
		kinds:     map[notice]string{opened: "", grown: "growing: ", ended: "over: "},
		showKinds: map[notice]string{opened: "", ended: "no longer: "},
		since:     "Since %s (Moscow).", over: "Over: from %s to %s (Moscow), %s (h:mm).",
		incident: "Incident %s, table meta_alerts.",
		test:     "alert test", testBody: "If you can read this, the channel works. Nothing to do.",
	},
}

var rules = map[string]map[string]ruleText{
	"ru": {
		"no_data": {
			"нет свежих данных",
			"данные свежие: загружены по {as_of}",
			"Последние данные — на {as_of}, это {age} (ч:мм) назад. Допустимо не больше {limit}.",
			"Что делать: systemctl list-timers 'qtickets_api*' и journalctl -u qtickets_api.service -n 50; там указана причина.",
		},
		"failed_runs": {
			"много неудачных загрузок",
			"загрузки идут без ошибок",
			"За сутки неудачных загрузок: {failed} из {ended} ({share} %, допустимо {limit} %). Причина последней: {last}",
			"Что делать: прочитайте причину в столбце message таблицы meta_job_runs. Опубликованные данные не изменились.",
		},
		"partial_runs": {
			"загрузки проходят не полностью",
			"загрузки проходят полностью",
			"Загрузок подряд, прочитавших не всё: {partial}. Последняя: {last}",
			"Что делать: что пропущено, сказано в столбце message таблицы meta_job_runs. Опубликованные числа верны, но " +
				"пропущенного в них нет; если это не проходит само — qtickets_api doctor.",
		},
		"orders_drop": {
			"заказов намного меньше обычного",
			"заказов не меньше обычного: сегодня {today}, вчера {yesterday}",
			"Сегодня к {until} оплачено заказов: {today}. Вчера к этому времени — {yesterday}, обычно в этот день недели — " +
				"{usual}. Порог оповещения — на {limit} % меньше вчерашнего.",
			"Что делать: попробуйте купить билет на сайте, проверьте оплату и рекламу. Данные свежие, дело не в загрузке.",
		},
		"dead_run": {
			"загрузка прервалась",
			"загрузки не прерываются",
			"Прервано загрузок: {dead}. Последняя — {run} на {host}, начата {started}.",
			"Что делать: посмотрите journalctl -u qtickets_api.service; частые причины — нехватка памяти и перезагрузка. " +
				"Следующая загрузка продолжит с того же места.",
		},
		"quarantine": {
			"в карантине есть строки, которые не удалось разобрать",
			"карантин пуст",
			"Строк в карантине: {rows} ({feeds}). В отчётах их нет, кроме заказов, прочитанных раньше: таких {counted}, они " +
				"учтены такими, какими были тогда.",
			"Что делать: причины покажет qtickets_api quarantine list; когда причина исправлена — qtickets_api quarantine " +
				"retry.",
		},
		"probe_change": {
			"API QTickets отвечает не так, как раньше",
			"API QTickets отвечает как раньше",
			"Изменилось: {change}.",
			"Что делать: обычно ничего — загрузка подстроится сама. Что это значит, покажет qtickets_api doctor.",
		},
		"reconcile": {
			"сверка нашла расхождения",
			"сверка без расхождений",
			"Сверка {at} нашла заказы, об изменении которых QTickets не сообщил: {changed}; исчезнувшие из QTickets: " +
				"{vanished}. Данные уже исправлены.",
			"Что делать: посмотрите сверку {run} в meta_job_runs; если это повторяется каждую ночь, уменьшите " +
				"QTICKETS_SWEEP_MAX_AGE.",
		},
		"orders_missing": {
			"QTickets считает заказы, которых не показывает",
			"в QTickets есть все заказы, которые он считает",
			"По счёту QTickets заказов {total}, из них {missing} нет ни в одном списке. Расхождение принято, загрузки идут.",
			"Что делать: узнайте в поддержке QTickets, что это за заказы. Тревога закроется, когда расхождения не станет.",
		},
		"assumption": {
			"предположение об API QTickets не подтвердилось",
			"предположения об API QTickets не опровергнуты",
			"Мы предполагали: «{assumes}». Наблюдений за — {confirming}, против — {refuting}. На что влияет: {affects}.",
			"Что делать: обычно ничего — программа к этому готова. Все предположения покажет qtickets_api contract.",
		},
		"backup": {
			"нет свежей резервной копии",
			"резервная копия свежая: {good}",
			"Последняя удавшаяся резервная копия: {good} (МСК). Её делают каждый день.",
			"Что делать: journalctl -u qtickets_backup.service -n 50; там указана причина. Вручную — " +
				"infra/clickhouse/backup.sh.",
		},
		"restore_drill": {
			"резервную копию не удалось проверить восстановлением",
			"резервная копия восстанавливается: {good}",
			"Последняя удавшаяся проверка восстановления: {good}, неудавшаяся после неё: {failed} (МСК).",
			"Что делать: journalctl -u qtickets_restore_drill.service -n 50 скажет, какая копия подвела. Сделайте новую " +
				"(infra/clickhouse/backup.sh) и повторите infra/clickhouse/restore_drill.sh.",
		},
		RuleCannotCheck: {
			"не удалось выполнить проверку",
			"все проверки выполнены",
			"Не удалось проверить: {problems}",
			"Что делать: docker ps --filter name=ch-zakaz, затем qtickets_api check.",
		},
		RuleWillMiss: {
			"не дотянет до плана — {show}",
			"нет показов, которые не дотянут до плана",
			"{show}: шанс закончить ниже плана — {tenths} из 10. План — {plan}, прогноз — {low}–{high}, продано {sold}, дней " +
				"до показа: {days}.",
			"Что делать: решить, нужны ли реклама, скидка или зал поменьше. Показ — на странице «Сегодня».",
		},
		willMissUsual: {
			"не дотянет до обычного — {show}",
			"нет показов, которые не дотянут до обычного",
			"{show}: шанс закончить ниже обычного — {tenths} из 10. Обычный итог похожих показов — {usual}, прогноз — " +
				"{low}–{high}, продано {sold}, дней до показа: {days}. Плана у показа нет.",
			"Что делать: решить, нужны ли реклама, скидка или зал поменьше. Показ — на странице «Сегодня».",
		},
		RuleNearlySoldOut: {
			"почти аншлаг — {show}",
			"нет показов, где места на исходе",
			"{show}: продано {sold} из {places}, в продаже осталось {left}.",
			"Что делать: решить, нужен ли ещё один показ и стоит ли открыть места из брони.",
		},
		RuleSoldOut: {
			"мест больше нет — {show}",
			"нет показов без мест",
			"{show}: продано {sold} из {places}, в брони {held}, в продаже ничего нет.",
			"Что делать: остановить рекламу этого показа; проверить, не пора ли вернуть в продажу бронь.",
		},
		RuleSaleStopped: {
			"продажи остановились — {show}",
			"продажи показов идут как обычно",
			"{show}: последний заказ — {last} (МСК). За это время в такие же часы он обычно продаёт больше, а другие показы " +
				"продали заказов: {others}.",
			"Что делать: попробовать купить билет на этот показ на сайте: открыта ли продажа, есть ли цены и места.",
		},
		RuleRefundWave: {
			"много возвратов — {show}",
			"возвратов не больше обычного",
			"{show}: за сутки возвращено заказов: {refunds}. За 14 дней до этого бывало не больше {usual} в сутки. Сейчас " +
				"продано {sold}.",
			"Что делать: узнать причину — перенос, замена, сбой оплаты — и предупредить покупателей.",
		},
		RuleShowChanged: {
			"показ изменён — {show}",
			"даты показов не менялись",
			"{show}: было {from}, стало {to} (✗ — отменён). Продано билетов: {sold}.",
			"Что делать: если изменение не ваше — проверить показ в QTickets; если ваше — предупредить тех, кто купил.",
		},
	},
	"en": {
		"no_data": {
			"no fresh data",
			"the data is fresh: complete as of {as_of}",
			"The data is complete as of {as_of}, {age} (h:mm) ago; the limit is {limit}.",
			"Next: systemctl list-timers 'qtickets_api*' and journalctl -u qtickets_api.service -n 50, which name the reason.",
		},
		"failed_runs": {
			"many failed runs",
			"runs succeed",
			"{failed} of {ended} runs in a day failed ({share} %, the limit is {limit} %). The last: {last}",
			"Next: read message in meta_job_runs; the published numbers are unchanged.",
		},
		"partial_runs": {
			"loads leave something out",
			"loads are whole",
			"Loads in a row that did not read everything: {partial}. The last: {last}",
			"Next: message in meta_job_runs says what was left out. The published numbers are right but lack it; if it does " +
				"not pass by itself, qtickets_api doctor.",
		},
		"orders_drop": {
			"far fewer orders than usual",
			"orders are as usual: {today} today, {yesterday} yesterday",
			"Orders paid today by {until}: {today}; yesterday by then: {yesterday}; usual for this weekday: {usual}. The " +
				"limit is {limit} % below.",
			"Next: try to buy a ticket on the site; check advertising and payments. The data is fresh, so the load is not " +
				"the reason.",
		},
		"dead_run": {
			"a run died",
			"no run died",
			"Dead runs: {dead}. The last: {run} on {host}, started {started}.",
			"Next: journalctl -u qtickets_api.service; out of memory, a reboot? The next run resumes by itself.",
		},
		"quarantine": {
			"rows in quarantine that cannot be parsed",
			"quarantine is empty",
			"Rows in quarantine: {rows} ({feeds}). Reports leave them out, except orders read before: {counted} of them, " +
				"counted as they were then.",
			"Next: qtickets_api quarantine list says why; once fixed, qtickets_api quarantine retry.",
		},
		"probe_change": {
			"QTickets API behaviour changed",
			"QTickets API behaviour is unchanged",
			"Changed: {change}.",
			"Next: usually nothing, the load adapts; qtickets_api doctor says what it means.",
		},
		"reconcile": {
			"reconcile found differences",
			"reconcile found no differences",
			"The reconcile run of {at} found {changed} orders changed without a trace and {vanished} vanished. It has fixed " +
				"them.",
			"Next: see run {run} in meta_job_runs; if this repeats every night, lower QTICKETS_SWEEP_MAX_AGE.",
		},
		"orders_missing": {
			"QTickets counts orders that it does not list",
			"QTickets lists every order that it counts",
			"QTickets counts {total} orders; {missing} of them are on no list. The difference was accepted, loads go on.",
			"Next: ask QTickets support which orders these are. The incident ends when the difference does.",
		},
		"assumption": {
			"an assumption about the QTickets API does not hold",
			"no assumption about the QTickets API is refuted",
			"Assumed: \"{assumes_en}\". Observations for it: {confirming}, against: {refuting}. Affects {affects_en}.",
			"Next: usually nothing, the program is prepared; qtickets_api contract lists all assumptions.",
		},
		"backup": {
			"no fresh backup",
			"the backup is fresh: {good}",
			"The newest good backup: {good} (Moscow). One is due every day.",
			"Next: journalctl -u qtickets_backup.service -n 50 names the reason. By hand: infra/clickhouse/backup.sh.",
		},
		"restore_drill": {
			"no backup is known to be restorable",
			"the backup can be restored: {good}",
			"The newest good restore drill: {good}, the newest one that failed since: {failed} (Moscow).",
			"Next: journalctl -u qtickets_restore_drill.service -n 50 says which copy is to blame. Make a new one " +
				"(infra/clickhouse/backup.sh), then infra/clickhouse/restore_drill.sh again.",
		},
		RuleCannotCheck: {
			"could not check",
			"everything was checked",
			"Not checked: {problems}",
			"Next: docker ps --filter name=ch-zakaz, then qtickets_api check.",
		},
		RuleWillMiss: {
			"will miss its plan: {show}",
			"no show will miss its plan",
			"{show}: chance to end below the plan: {tenths} of 10. The plan: {plan}; forecast {low}–{high}; sold {sold}; days " +
				"left: {days}.",
			"Next: decide about advertising, a discount, a smaller hall. The show is on the screen Today.",
		},
		willMissUsual: {
			"will end below usual: {show}",
			"no show will end below usual",
			"{show}: chance to end below usual: {tenths} of 10. What the likest shows usually sold in the end: {usual}; " +
				"forecast {low}–{high}; sold {sold}; days left: {days}. The show has no plan.",
			"Next: decide about advertising, a discount, a smaller hall. The show is on the screen Today.",
		},
		RuleNearlySoldOut: {
			"nearly sold out: {show}",
			"no show is nearly sold out",
			"{show}: {sold} of {places} sold, {left} left.",
			"Next: decide about one more show, and about seats that are held.",
		},
		RuleSoldOut: {
			"no seats left: {show}",
			"no show is without seats",
			"{show}: {sold} of {places} sold, {held} held, nothing is left.",
			"Next: stop advertising this show; see whether held seats may be sold.",
		},
		RuleSaleStopped: {
			"sales have stopped: {show}",
			"shows sell as usual",
			"{show}: the last order was at {last} (Moscow). In such hours it usually sells more, and other shows have sold " +
				"{others} orders since.",
			"Next: try to buy a ticket for this show on the site: is it on sale, are there prices and seats?",
		},
		RuleRefundWave: {
			"many refunds: {show}",
			"refunds are as usual",
			"{show}: orders refunded within a day: {refunds}; on the 14 days before, {usual} at most. Sold now: {sold}.",
			"Next: find out why (moved, recast, payments) and tell the buyers.",
		},
		RuleShowChanged: {
			"show changed: {show}",
			"no show was moved or cancelled",
			"{show}: was {from}, is {to} (✗: cancelled). Tickets sold: {sold}.",
			"Next: if that was not you, look at the show in QTickets; if it was, tell those who bought.",
		},
	},
}
