### Las palabras de la página de la demostración, en español. Lo que dice el bot está en bot/texts/.
### Mensajes sencillos, sin selectores: lo que acaba en -one se dice cuando { $n } es uno.

title = Microchequeo · pruébelo aquí
skip = Ir a los teléfonos
banner = Demostración, con datos en una carpeta temporal.
banner-more = Desaparece al cerrar el programa. Nada sale de este equipo.
language = Idioma
dark = Modo oscuro
close = Cerrar
cancel = Cancelar
understood = De acuerdo
gone = Se ha perdido la conexión con la demostración. Si sigue abierta en la terminal, la página vuelve sola. Si la ha abierto de nuevo, la terminal dice su dirección.
server-gone = La demostración no contesta. Mire si sigue abierta en la terminal.
server-refused = Eso no se ha podido hacer.

## Los teléfonos

views = Qué se ve
view-patient = Paciente
view-therapist = Terapeuta
view-stage = Escenario
patient-phone = Teléfono del paciente
therapist-phone = Teléfono de la terapeuta
patients = Pacientes
therapists = Terapeutas
new-person = Añadir otro teléfono
person-name = Persona { $n }
phone-menu = Opciones del teléfono
nobody-patient = Cuando toque el enlace de invitación que tiene la terapeuta, aquí se abrirá el teléfono del paciente.
nobody-therapist = Aquí se verá el teléfono de la terapeuta, en cuanto arranque el bot.
begin = Empezar
block = Bloquear el bot
block-more = El bot ya no podrá escribir aquí
unblock = Desbloquear el bot
unblock-more = El bot podrá volver a escribir
unread = { $n } sin leer
chat-of = Conversación de { $name } con el bot
log-hint = Con las flechas se va de mensaje en mensaje.
new-messages = Mensajes nuevos
to-newest = Ir a lo más reciente
to-newest-unread = Ir a lo más reciente: { $n } mensajes sin leer
to-newest-unread-one = Ir a lo más reciente: un mensaje sin leer
typing = El bot está escribiendo

## Los mensajes

from-bot = Bot:
from-person = Persona:
edited = editado
message-menu = Opciones del mensaje
reply = Responder
edit = Corregir
delete = Borrar
quoted = En respuesta a: { $text }
about-reply = Respuesta a «{ $text }»
about-edit = Se corrige «{ $text }»
keyboard = Botones
spoiler = Texto tapado. Toque para leerlo
picture = Imagen
picture-gone = Esta imagen ya no está
picture-of-bot = Imagen que envía el bot
enlarge = { $picture }. Ampliar
scan = Escanear con un teléfono nuevo
sticker = Sticker
voice-note = Nota de voz
write = Escribir un mensaje
send = Enviar
commands = Comandos del bot
attach = Enviar otra cosa
attach-photo = Una foto
attach-voice = Una nota de voz
attach-sticker = Un sticker
attach-document = Un archivo

## El reloj

clock = Reloj de la consulta
jumps = Dejar pasar el tiempo
jump-minutes = +15 min
jump-session = Fin de sesión
jump-question = La pregunta
jump-morning = Mañana
jump-digest = El resumen
playing = La historia avanza
no-minutes = La historia todavía avanza. Espere un momento.
no-session = No hay ninguna sesión apuntada. La terapeuta la apunta con /sesion.
no-morning = La historia todavía avanza. Espere un momento.
no-digest = Todavía no hay ningún resumen previsto.

## Las historias

stories = Empezar desde una historia
story-stopped = La historia se ha parado antes de llegar a su final. Puede seguir desde aquí o elegir otra.
stories-language = La consulta habla inglés. Elija una historia y empezará en español.
story-plays = Ya hay una historia en marcha. Espere a que termine.
story-empty = Consulta vacía
story-empty-more = Todo está por hacer.
story-vignette = Una sesión demasiado lenta
story-vignette-more = Tres sesiones buenas. La cuarta está por contestar.
story-slide = Una bajada lenta
story-slide-more = Cada semana, un poco menos.
story-silent = Alguien deja de contestar
story-silent-more = Dos sesiones sin respuesta.

## Las averías

faults = ¿Y si algo falla?
slow_down = Telegram pide calma
slow_down-more = Contesta «demasiados mensajes». El bot espera lo que le pide y sigue.
no_network = Se corta la red
no_network-more = Nada llega ni sale. Lo que deba salir espera en su fila.
kill-more = Se mata el programa sin avisarlo (SIGKILL). Al arrancar, sigue donde estaba.
lift = Quitarlo ya · { $seconds } s
bot-running-do = Matar el bot
bot-starting-do = Arrancando…
bot-killed-do = Arrancar el bot
trouble-killed = El bot está parado. Lo que se toque o escriba le espera.
trouble-starting = El bot arranca y lee lo que le esperaba.
trouble-slow_down = Telegram pide calma. El bot espera.
trouble-no_network = No hay red. Lo que se toque o escriba espera.
given = Números dados
stored = Guardados
waiting = En espera
nothing-lost = No se ha perdido nada
on-its-way = Está en camino: llegará
no-answers = Aquí se verá que ninguna respuesta se pierde.

## Por dentro

inside = Por dentro
rules = La regla y sus cuentas
rules-none = Ninguna regla ha saltado.
due = Lo que toca, y cuándo
due-question = la pregunta
due-check_in = recordatorio, cierre o cuentas
due-session = antes de la sesión
due-digest = el resumen
due-urgent = aviso urgente
due-message = un mensaje que sale
due-chore = tarea de la casa
due-none = No hay nada pendiente.
outbox = Bandeja de salida
outbox-none = Todavía no ha salido nada.
tries = { $n } intentos
state-waiting = espera
state-sent = enviado
state-parked = apartado
calls = Llamadas a la API de Telegram
folder = Carpeta temporal

# De qué es cada mensaje que sale, con qué prisa, y qué se hace en la casa

kind-question = la pregunta
kind-enrolled = la bienvenida
kind-consented = lo que viene después de aceptar
kind-consent_declined = no se preguntará nada
kind-consent_again = el texto que se acepta ha cambiado
kind-patient_decided = el paciente ha decidido
kind-invitation_ready = la invitación
kind-invitation_refused = alguien ha probado un enlace usado
kind-guardian_asked = hace falta un consentimiento
kind-session_noted = sesión apuntada
kind-series_noted = sesiones apuntadas
kind-no_session_claimed = dice que no hubo sesión
kind-session_ahead = antes de la sesión
kind-alert_raised = una alerta
kind-alert_withdrawn = una alerta que ya no vale
kind-episode_note = puede apuntarse una nota
kind-episode_noted = nota apuntada, o ninguna
kind-words_left = hay un mensaje del paciente
kind-words_kept = mensaje guardado
kind-words_hidden = las palabras se vuelven a tapar
kind-crisis_raised = aviso urgente
kind-crisis_second = aviso urgente a otra persona
kind-crisis_operator = nadie ha recibido el aviso
kind-crisis_seen = alguien ha visto el aviso
kind-crisis_note = puede apuntarse el contacto
kind-crisis_noted = contacto apuntado, o nada
kind-crisis_kept = guardado, y se avisa
kind-crisis_delivered = el aviso ha llegado
kind-crisis_elsewhere = el aviso ha llegado a otra persona
kind-crisis_undelivered = el aviso no ha llegado a nadie
kind-help_first = teléfonos de ayuda
kind-abuse_told = un mensaje delicado
kind-disclosed = un mensaje delicado, a otra persona
kind-told_reached = el mensaje delicado ha llegado, o no
kind-patient_unreachable = al paciente no le llegan mensajes
kind-member_unreachable = a alguien de la consulta no le llegan mensajes
kind-weekly_digest = el resumen
kind-goodbye = la despedida
kind-chat_emptied = el chat se vacía
kind-patient_left = el paciente se ha ido
kind-own_data = todo lo que se guarda de alguien
kind-patient_export = la historia de un paciente
kind-deletion_ahead = pronto se borrará algo
kind-record_asked = se pide una línea
kind-record_noted = línea apuntada
kind-agreement_told = hay un acuerdo
kind-guess_asked = ¿cómo cree que fue la sesión?
kind-guess_settled = su respuesta, junto a la del paciente
kind-pause_shown = una pausa
kind-supervision_reading = la lectura para supervisión
kind-alarm_raised = algo no va bien
kind-alarm_over = todo vuelve a ir bien
kind-unshown = hay algo que no se puede mostrar
kind-unreadable = algo que no se puede leer
hurry-reply = al momento
hurry-urgent = urgente
hurry-alert = pronto
hurry-bulk = sin prisa
chore-agenda = apuntar las sesiones que vienen
chore-retention = borrar lo que ha cumplido su plazo
chore-checkpoint = vaciar el diario de la base de datos
chore-supervision = la lectura para supervisión
chore-backup = la copia de seguridad

## El recorrido

tour-open = Recorrido
tour-steps = Pasos del recorrido
tour-step = Paso { $step } de { $of }
tour-done = Paso { $step }, hecho
tour-skip = Saltar
tour-close = Cerrar el recorrido
tour-wait = Un momento: la historia avanza sola.
tour-go = Ir ahí
tour-1 = Acepte, como paciente
tour-1-invite = Antes, la terapeuta invita: escriba /nuevo P-07 en su teléfono y envíelo.
tour-1-text = Escribirlo
tour-1-link = Toque el enlace (o el código QR) que tiene la terapeuta: se abre en el teléfono del paciente.
tour-1-accept = En el teléfono del paciente, lea de qué se trata y toque «Acepto».
tour-2 = Deje que acabe la sesión
tour-2-plan = Antes, la terapeuta la apunta en su teléfono.
tour-2-text = Escribir /sesion
tour-2-jump = Arriba, toque «Fin de sesión».
tour-2-quarter = La sesión ha terminado. La pregunta llega un cuarto de hora después: arriba, toque «+15 min».
tour-3 = Conteste con tres toques
tour-3-tap = En el teléfono del paciente, toque un número en cada pregunta. Faltan { $left }.
tour-4 = Vea la caída, como terapeuta
tour-4-story = Una caída se ve al comparar dos sesiones. Esta historia ya trae las anteriores:
tour-4-perhaps = Si la última sesión bajó, toque «+15 min» y la alerta llegará sola. Si no bajó, esta historia trae una caída:
tour-4-session = Cuando el paciente ha terminado («Listo»), toque «+15 min»: la alerta llega sola.
tour-4-low = Como paciente, conteste con números bajos: 6, 5 y 8. Después, toque «Listo».
tour-4-see = En el teléfono de la terapeuta, bajo el aviso, toque «Ver».
tour-5 = Mate el bot, conteste y arránquelo
tour-5-kill = En «¿Y si algo falla?», toque «Matar el bot».
tour-5-answer = Ahora toque un botón o escriba algo en un teléfono. Nadie contesta, todavía.
tour-5-restart = Toque «Arrancar el bot» y mire: lo que hizo llega y se contesta.
tour-over = Eso es todo
tour-end = Lo demás está a mano: otras historias, otras averías y lo que pasa por dentro.

## Lo que la demostración no puede hacer

error-unknown = Eso no se puede hacer aquí.
error-playing = La historia todavía avanza. Espere un momento.
error-nobody = Ese teléfono ya no está.
error-gone = Ese mensaje ya no está.
error-blocked = En este teléfono el bot está bloqueado. Desbloquéelo antes.
error-blank = Escriba algo antes de enviarlo.
error-not-yours = Solo se corrige lo que se ha escrito en este teléfono.
error-full = No caben más teléfonos. Elija una historia para empezar de nuevo.
error-link = Ese enlace no es de este bot.
error-no-session = No hay ninguna sesión apuntada. La terapeuta la apunta con /sesion.
error-no-digest = Todavía no hay ningún resumen previsto.
error-killed = El bot está parado. Arránquelo antes.
error-running = El bot ya está en marcha.

step-start = El bot arranca
step-arrive = Llegan todos
step-week = Semana { $n }
error-too-far = Telegram guarda un día lo que el bot no ha recogido. Arránquelo, o devuélvale la red, antes de saltar tanto.
