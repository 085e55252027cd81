package cli

import "dashboard-mvp/integrations/qtickets_api/internal/access"

// peopleLocale is the set of texts of "users" and "share" in one language.
type peopleLocale struct {
	added, removed, invitation, columns string
	roles                               map[access.Role]string
	states                              map[string]string

	link, revoked, shareColumns, noShares string
	allShows, withMoney, noMoney, ended   string
}

var peopleTexts = map[string]peopleLocale{
	"en": {
		added: "%s is added: %s.", removed: "%s is removed and signed out everywhere.",
		invitation: "Invitation, good once and until %s. Send it to nobody else:",
		columns:    "name\tmay see\tpassword\n",
		roles: map[access.Role]string{access.Admin: "everything, and may write", access.View: "everything",
			access.ViewNoMoney: "everything but money", access.Event: "one event"},
		states: map[string]string{"password": "is chosen", "invited": "invited until %s", "expired": "invitation has expired",
			"none": "none: the proxy asks for it"},
		link: "Whoever has this link sees %s until %s:", revoked: "Link %s is revoked.",
		shareColumns: "id\tevent\tshow\tmoney\tuntil\tviews\tfor\n", noShares: "No links.",
		allShows: "all", withMoney: "yes", noMoney: "no", ended: "ended",
	},
	"ru": {
		added: "Добавлено: %s, %s.", removed: "%s: доступ снят, вход завершён на всех устройствах.",
		invitation: "Приглашение одноразовое, действует до %s. Отправьте его только этому человеку:",
		columns:    "имя\tчто видит\tпароль\n",
		roles: map[access.Role]string{access.Admin: "всё и может менять данные", access.View: "всё",
			access.ViewNoMoney: "всё, кроме денег", access.Event: "одно мероприятие"},
		states: map[string]string{"password": "выбран", "invited": "приглашение до %s", "expired": "приглашение истекло",
			"none": "нет: вход проверяет прокси"},
		link: "По этой ссылке видно %s до %s:", revoked: "Ссылка %s отозвана.",
		shareColumns: "номер\tмероприятие\tпоказ\tденьги\tдо\tпросмотров\tкому\n", noShares: "Ссылок нет.",
		allShows: "все", withMoney: "да", noMoney: "нет", ended: "истекла",
	},
}
