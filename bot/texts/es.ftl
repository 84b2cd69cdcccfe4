### Todo lo que dice el bot, en español. Se lee en voz alta antes de cambiarlo.
### En cada texto están $register (usted, tu, vos), $form (comprendido, comprendida, neutral) y $region (spain, americas).
### Vos se dice solo en América: con $register vos, $region es siempre americas.
### Las claves voz-… son piezas que solo cambian con el tratamiento.

## Piezas

voz-quiere = { $register ->
   *[usted] quiere
    [tu] quieres
    [vos] querés
 }
voz-Quiere = { $register ->
   *[usted] Quiere
    [tu] Quieres
    [vos] Querés
 }
voz-puede = { $register ->
   *[usted] puede
    [tu] puedes
    [vos] podés
 }
voz-Puede = { $register ->
   *[usted] Puede
    [tu] Puedes
    [vos] Podés
 }
voz-necesita = { $register ->
   *[usted] necesita
    [tu] necesitas
    [vos] necesitás
 }
voz-escriba = { $register ->
   *[usted] escriba
    [tu] escribe
    [vos] escribí
 }
voz-envie = { $register ->
   *[usted] envíe
    [tu] envía
    [vos] enviá
 }
voz-Escriba = { $register ->
   *[usted] Escriba
    [tu] Escribe
    [vos] Escribí
 }
voz-Pulse = { $region ->
   *[spain] { $register ->
       *[usted] Pulse
        [tu] Pulsa
        [vos] Tocá
    }
    [americas] { $register ->
       *[usted] Toque
        [tu] Toca
        [vos] Tocá
    }
 }
voz-su = { $register ->
   *[usted] su
    [tu] tu
    [vos] tu
 }
voz-sus = { $register ->
   *[usted] sus
    [tu] tus
    [vos] tus
 }
voz-le = { $register ->
   *[usted] le
    [tu] te
    [vos] te
 }
voz-le-o-se = { $register ->
   *[usted] se
    [tu] te
    [vos] te
 }
voz-ha-escrito = { $region ->
   *[spain] { $register ->
       *[usted] ha escrito
        [tu] has escrito
        [vos] escribiste
    }
    [americas] { $register ->
       *[usted] escribió
        [tu] escribiste
        [vos] escribiste
    }
 }
voz-no-se-ha-guardado = { $region ->
   *[spain] no se ha guardado
    [americas] no se guardó
 }
voz-ni-se-ha-enviado = { $region ->
   *[spain] ni se ha enviado
    [americas] ni se envió
 }
voz-No-he-podido = { $region ->
   *[spain] No he podido
    [americas] No pude
 }
voz-No-he-entendido = { $region ->
   *[spain] No he entendido
    [americas] No entendí
 }
voz-Ha-escrito = { $region ->
   *[spain] Ha escrito
    [americas] Escribió
 }
voz-ha-bajado = { $region ->
   *[spain] ha bajado
    [americas] bajó
 }
voz-ha-leido = { $region ->
   *[spain] ha leído
    [americas] leyó
 }
voz-se-ha-cerrado = { $region ->
   *[spain] se ha cerrado
    [americas] se cerró
 }
voz-en-directo = { $region ->
   *[spain] en directo
    [americas] en vivo
 }
voz-pulsado = { $region ->
   *[spain] pulsado
    [americas] presionado
 }
voz-anadir = { $region ->
   *[spain] añadir
    [americas] agregar
 }
voz-aqui = { $register ->
   *[usted] aquí
    [tu] aquí
    [vos] acá
 }
voz-Aqui = { $register ->
   *[usted] Aquí
    [tu] Aquí
    [vos] Acá
 }
voz-la-consulta = { $region ->
   *[spain] la consulta
    [americas] el consultorio
 }
voz-de-la-consulta = { $region ->
   *[spain] de la consulta
    [americas] del consultorio
 }
voz-a-la-consulta = { $region ->
   *[spain] a la consulta
    [americas] al consultorio
 }
voz-pida = { $register ->
   *[usted] pida
    [tu] pide
    [vos] pedí
 }
voz-no-espere = { $register ->
   *[usted] no espere aquí
    [tu] no esperes aquí
    [vos] no esperes acá
 }
voz-si-necesita-ayuda = Si { voz-necesita } ayuda ahora: /ayuda

## Nombres, fechas y números

called = { $article ->
    [la] la { $name }
    [el] el { $name }
   *[none] { $name }
 }
called-start = { $article ->
    [la] La { $name }
    [el] El { $name }
   *[none] { $name }
 }
called-de = { $article ->
    [la] de la { $name }
    [el] del { $name }
   *[none] de { $name }
 }
called-a = { $article ->
    [la] a la { $name }
    [el] al { $name }
   *[none] a { $name }
 }
called-con = { $article ->
    [la] con la { $name }
    [el] con el { $name }
   *[none] con { $name }
 }

voz-a-las = { $hour ->
    [1] a la { $time }
   *[other] a las { $time }
 }
day = el { $day }
day-and-time = el { $day } { voz-a-las }
full-day = el { $day } de { $month }
full-day-and-time = el { $day } de { $month } { voz-a-las }
today-at = hoy { voz-a-las }
tomorrow-at = mañana { voz-a-las }
week-in-month = del { $first_day } al { $last_day } de { $last_month }
week-across-months = del { $first_day } de { $first_month } al { $last_day } de { $last_month }
month = { $month } de { $year }
days = { $days ->
    [one] { $days } día
   *[other] { $days } días
 }
minutes = { $minutes ->
    [one] { $minutes } minuto
   *[other] { $minutes } minutos
 }
hours = { $hours ->
    [one] { $hours } hora
   *[other] { $hours } horas
 }
zone-of = hora de { $city }

## El cuestionario

check-in-header-today = Sesión de hoy { $con } · { $place } de { $places }
check-in-header = Sesión del { $day } { $con } · { $place } de { $places }
check-in-header-today-at = Sesión de hoy { voz-a-las } { $con } · { $place } de { $places }
check-in-header-at = Sesión del { $day } { voz-a-las } { $con } · { $place } de { $places }

question-understood = { $form ->
   *[comprendido] { $register ->
       *[usted] ¿Se sintió comprendido hoy?
        [tu] ¿Te sentiste comprendido hoy?
        [vos] ¿Te sentiste comprendido hoy?
    }
    [comprendida] { $register ->
       *[usted] ¿Se sintió comprendida hoy?
        [tu] ¿Te sentiste comprendida hoy?
        [vos] ¿Te sentiste comprendida hoy?
    }
    [neutral] { $register ->
       *[usted] ¿Sintió que le comprendieron hoy?
        [tu] ¿Sentiste que te comprendieron hoy?
        [vos] ¿Sentiste que te comprendieron hoy?
    }
 }
question-understood-dated = { $form ->
   *[comprendido] { $register ->
       *[usted] ¿Se sintió comprendido?
        [tu] ¿Te sentiste comprendido?
        [vos] ¿Te sentiste comprendido?
    }
    [comprendida] { $register ->
       *[usted] ¿Se sintió comprendida?
        [tu] ¿Te sentiste comprendida?
        [vos] ¿Te sentiste comprendida?
    }
    [neutral] { $register ->
       *[usted] ¿Sintió que le comprendieron?
        [tu] ¿Sentiste que te comprendieron?
        [vos] ¿Sentiste que te comprendieron?
    }
 }
question-sense = ¿Lo que hicimos tuvo sentido?
question-pending = ¿Algo quedó pendiente?
question-taken-up = La vez pasada { $con } quedó algo pendiente. ¿Se retomó hoy?
question-taken-up-dated = La vez anterior { $con } quedó algo pendiente. ¿Se retomó en esta sesión?
pending-was-number = Solo quedó el número: { $score }, de 0 a 10.
anchors-understood = 0 = nada · 10 = del todo
anchors-sense = 0 = nada · 10 = del todo
anchors-pending = 0 = nada · 10 = mucho

reminder-today = Sigue { voz-aqui } la pregunta sobre la sesión de hoy, por si { voz-quiere } contestar. Si no, está bien así.
reminder-dated = Sigue { voz-aqui } la pregunta sobre la sesión del { $weekday }, por si { voz-quiere } contestar. Si no, está bien así.
reminder-today-at = Sigue { voz-aqui } la pregunta sobre la sesión de hoy { voz-a-las }, por si { voz-quiere } contestar. Si no, está bien así.
reminder-dated-at = Sigue { voz-aqui } la pregunta sobre la sesión del { $weekday } { voz-a-las }, por si { voz-quiere } contestar. Si no, está bien así.
kept-with-question = Guardado, para que lo lea { $therapist }. La pregunta sigue { voz-aqui }, por si { voz-quiere } contestar.

not-live = { voz-Aqui } no lee nadie { voz-en-directo }. { voz-si-necesita-ayuda }
pending-words =
    ¿Qué quedó pendiente? Si { voz-quiere }, { $register ->
       *[usted] cuéntelo
        [tu] cuéntalo
        [vos] contalo
    } con { voz-sus } palabras. Lo leerá { $therapist }, no ahora mismo.
reflection-after-pending =
    Gracias. Si { voz-quiere } { voz-anadir } algo más, qué ayudó o qué sobró, { $register ->
       *[usted] cuéntelo
        [tu] cuéntalo
        [vos] contalo
    } con { voz-sus } palabras. Lo leerá { $therapist }, no ahora mismo.
reflection =
    Gracias. Si { voz-quiere }, { $register ->
       *[usted] cuéntelo
        [tu] cuéntalo
        [vos] contalo
    } con { voz-sus } palabras: qué ayudó, qué sobró, qué quedó pendiente. Lo leerá { $therapist }, no ahora mismo.

noted = Anotado. { $Therapist } podrá verlo antes de la próxima sesión.
noted-with-words = Anotado, con { voz-su } comentario. { $Therapist } podrá leerlo antes de la próxima sesión.
label-understood = { $form ->
   *[comprendido] Comprendido: { $score }
    [comprendida] Comprendida: { $score }
    [neutral] { $register ->
       *[usted] Le comprendieron: { $score }
        [tu] Te comprendieron: { $score }
        [vos] Te comprendieron: { $score }
    }
 }
label-sense = Tuvo sentido: { $score }
label-pending = Quedó pendiente: { $score }
label-taken-up-yes = Se retomó lo pendiente: sí
label-taken-up-no = Se retomó lo pendiente: no
label-taken-up-not_needed = Se retomó lo pendiente: no hacía falta

later = De acuerdo. Volveré a preguntar { $when }. También { voz-puede } contestar antes, con este botón.
later-until = De acuerdo. { voz-Puede } contestar hasta { $when }.
declined = De acuerdo, esta vez no. No preguntaré más por esta sesión. Si más tarde { voz-quiere } contar algo de ella, { voz-puede } escribirlo { voz-aqui }.
no-session = De acuerdo: no hubo sesión. Se lo diré { $a } para que lo confirme.
stopped = Las preguntas pueden esperar.
closed = Esta pregunta ya { voz-se-ha-cerrado }. { $register ->
   *[usted] Si algo de esa sesión le sigue dando vueltas, puede hablarlo en la próxima, o escribirlo aquí para { $therapist }.
    [tu] Si algo de esa sesión te sigue dando vueltas, puedes hablarlo en la próxima, o escribirlo aquí para { $therapist }.
    [vos] Si algo de esa sesión te sigue dando vueltas, podés hablarlo en la próxima, o escribirlo acá para { $therapist }.
 }
cancelled = Esta pregunta { $region ->
   *[spain] se ha retirado
    [americas] se retiró
 }. No hace falta contestar nada.

button-later = Más tarde
button-not-this-time = Esta vez no
button-no-session = No hubo sesión
button-back = Atrás
button-done = Listo
button-correct = Corregir
button-answer-now = Contestar ahora
button-taken-up-yes = Sí
button-taken-up-no = No
button-taken-up-not_needed = No hacía falta
button-what-was-it = ¿Qué era?
button-go-on = Seguir sin contestar

number-out-of-range = Ese número no está entre 0 y 10. { voz-Pulse } un botón o { voz-escriba } uno, sin decimales.
number-not-whole = { voz-Aqui } solo cabe un número entero. { voz-Pulse } un botón o { voz-escriba } uno del 0 al 10, sin decimales.
number-unclear = No sé qué número es. { voz-Pulse } un botón o { voz-escriba } uno solo, del 0 al 10.

toast-already-answered = Eso ya estaba contestado. Lo que vale es el último mensaje.
toast-closed = Esta pregunta ya { voz-se-ha-cerrado }.
toast-not-yours = Este botón ya no sirve.

## Ayuda

help-card =
    { $register ->
       *[usted] Si está en peligro o piensa en hacerse daño, llame ahora:
        [tu] Si estás en peligro o piensas en hacerte daño, llama ahora:
        [vos] Si estás en peligro o pensás en hacerte daño, llamá ahora:
    }
help-card-nobody-here = Esto es un mensaje automático: { voz-aqui } no hay nadie al otro lado en este momento.
help-line = { $number } · { $says }
crisis-kept = Lo que { voz-ha-escrito } está guardado y estoy avisando { $a }. No sé cuándo podrá leerlo: esto no es una línea { voz-en-directo }. Las preguntas pueden esperar. Teléfonos de ayuda: /ayuda
crisis-not-yet = Todavía { $region ->
   *[spain] no he podido
    [americas] no pude
 } guardar lo que { voz-ha-escrito } ni avisar { $a }. Lo sigo intentando, pero { $register ->
   *[usted] no espere aquí: llame.
    [tu] no esperes aquí: llama.
    [vos] no esperes acá: llamá.
 }
crisis-delivered = { $Therapist } ya tiene el aviso.
crisis-elsewhere-too = Otra persona { voz-de-la-consulta } también tiene ya el aviso.
crisis-elsewhere-instead = { voz-No-he-podido } avisar { $a }. Otra persona { voz-de-la-consulta } ya tiene el aviso; no sé cuándo podrá verlo. Teléfonos de ayuda: /ayuda
crisis-elsewhere-operator = { voz-No-he-podido } avisar { $a }. { $region ->
   *[spain] He pedido
    [americas] Pedí
 } { voz-a-la-consulta } que lo haga por otro medio; no sé cuándo lo conseguirá. No hace falta esperar { voz-aqui }: teléfonos de ayuda, /ayuda
crisis-undelivered = { voz-No-he-podido } avisar { $a } ni a nadie más { voz-de-la-consulta }. Lo que { voz-ha-escrito } sigue guardado y lo seguiré intentando, pero { voz-no-espere }.
crisis-untold = Lo que { voz-ha-escrito } no le { $region ->
   *[spain] ha llegado
    [americas] llegó
 } a nadie.
crisis-untold-therapist = Lo que { voz-ha-escrito } no le { $region ->
   *[spain] ha llegado
    [americas] llegó
 } a nadie, tampoco { $a }.
help-title = Qué se puede hacer { voz-aqui }:
other-contact = Otra persona { voz-de-la-consulta }, que no lleva { voz-su } terapia: { $contact }

abuse-card = Si alguien { $register ->
   *[usted] le hace daño o le amenaza, puede llamar:
    [tu] te hace daño o te amenaza, puedes llamar:
    [vos] te hace daño o te amenaza, podés llamar:
 }
abuse-nothing-yet = Lo que { voz-ha-escrito } { voz-no-se-ha-guardado } { voz-ni-se-ha-enviado } a nadie. { voz-Puede } elegir a quién contárselo, o a nadie. Las preguntas pueden esperar.
abuse-nobody = Lo que { voz-ha-escrito } { voz-no-se-ha-guardado } ni le { $region ->
   *[spain] ha llegado
    [americas] llegó
 } a nadie.
danger-nobody-yet = Todavía no lo sabe nadie: lo que { voz-ha-escrito } { voz-no-se-ha-guardado } { voz-ni-se-ha-enviado }. El { $number } contesta ahora.
danger-choose = { voz-Puede } elegir a quién contárselo, o a nadie. Si { $register ->
   *[usted] elige
    [tu] eliges
    [vos] elegís
 } a { voz-su } terapeuta y no lo ve en media hora, puede saberlo también otra persona { voz-de-la-consulta }. Las preguntas pueden esperar.
abuse-delete = «Borrar de este chat» quita de { voz-aqui } { voz-su } mensaje y este.
abuse-told-therapist = Guardado. Estoy avisando { $a }; no sé cuándo podrá leerlo. Teléfonos de ayuda: /ayuda
abuse-told-other = Guardado para otra persona { voz-de-la-consulta }. Estoy avisando a esa persona; no sé cuándo podrá leerlo. { $Therapist } no lo verá. Teléfonos de ayuda: /ayuda
abuse-reached-therapist = Guardado. { $Therapist } ya tiene el aviso; no sé cuándo podrá leerlo. Teléfonos de ayuda: /ayuda
abuse-reached-other = Guardado para otra persona { voz-de-la-consulta }, que ya tiene el aviso; no sé cuándo podrá leerlo. { $Therapist } no lo verá. Teléfonos de ayuda: /ayuda
abuse-missed-therapist = { voz-No-he-podido } avisar { $a }: nadie lo { voz-ha-leido }. Sigue guardado y lo seguiré intentando, pero { voz-no-espere }.
abuse-missed-other = { voz-No-he-podido } avisar a otra persona { voz-de-la-consulta }: nadie lo { voz-ha-leido }. Sigue guardado y lo seguiré intentando, pero { voz-no-espere }.
abuse-other-gone = Ahora mismo no hay otra persona { voz-de-la-consulta } a quien avisar.
abuse-told-nobody = De acuerdo: { voz-no-se-ha-guardado } { voz-ni-se-ha-enviado } nada. Teléfonos de ayuda: /ayuda
button-tell-therapist = Contárselo { $a }
button-tell-other = Contárselo a otra persona { voz-de-la-consulta }
button-tell-nobody = A nadie
button-forget-here = Borrar de este chat
toast-forgotten = Borrado de este chat.
toast-stays = Telegram ya no me deja borrar mensajes de hace más de dos días. { $register ->
   *[usted] Usted sí puede borrarlos: manténgalos
    [tu] Tú sí puedes borrarlos: mantenlos
    [vos] Vos sí podés borrarlos: mantenelos
 } { voz-pulsado }s.

## Consentimiento y llegada

consent-who = Este chat es un programa: no hay una persona al otro lado. { $Therapist } { voz-le } invita a usarlo.
consent-asked =
    Qué pregunta, y cuándo
    · Tres preguntas breves, de 0 a 10, y un espacio para escribir si { voz-quiere }.
    · { $when }
    · Los números bajos también ayudan. «Esto no me está ayudando» es una buena respuesta.
consent-when-at-once = Llegan al terminar cada sesión.
consent-when = Llegan { $delay } después de cada sesión.
consent-when-or-morning = Llegan { $delay } después de cada sesión. Si para entonces ya es de noche, llegan por la mañana.
consent-read =
    Quién lo lee
    · { $Therapist }, casi siempre antes de la próxima sesión y nunca { voz-en-directo }.
    · Si los números bajan claramente de una sesión a otra, recibe un aviso para poder hablarlo.
consent-emergency =
    No es un servicio de urgencias
    · Con /ayuda se ve a quién llamar, a cualquier hora.
    · { $register ->
       *[usted] Si escribe que piensa en morir o en hacerse daño, le mostraré esos teléfonos y avisaré enseguida { $a }. Puedo no darme cuenta: si es urgente, llame.
        [tu] Si escribes que piensas en morir o en hacerte daño, te mostraré esos teléfonos y avisaré enseguida { $a }. Puedo no darme cuenta: si es urgente, llama.
        [vos] Si escribís que pensás en morir o en hacerte daño, te mostraré esos teléfonos y avisaré enseguida { $a }. Puedo no darme cuenta: si es urgente, llamá.
    }
consent-second = · Si nadie ve ese aviso, puede saberlo otra persona { voz-de-la-consulta }: { voz-su } código, no { voz-sus } palabras.
consent-second-reads = · Si nadie ve ese aviso, puede saberlo otra persona { voz-de-la-consulta }, y leer esas palabras.
consent-abuse = · { $register ->
   *[usted] Si cuenta que alguien le hace daño, también si habla de morir, no guardo ni envío nada hasta que elija a quién. Pero puede que no me dé cuenta: entonces se guarda como lo demás.
    [tu] Si cuentas que alguien te hace daño, también si hablas de morir, no guardo ni envío nada hasta que elijas a quién. Pero puede que no me dé cuenta: entonces se guarda como lo demás.
    [vos] Si contás que alguien te hace daño, también si hablás de morir, no guardo ni envío nada hasta que elijas a quién. Pero puede que no me dé cuenta: entonces se guarda como lo demás.
 }
consent-other-contact = · Otra persona { voz-de-la-consulta }, que no lleva { voz-su } terapia: { $contact }
consent-data =
    { $register ->
       *[usted] Sus datos
        [tu] Tus datos
        [vos] Tus datos
    }
    · Los chats con programas en Telegram no van cifrados de extremo a extremo: pasan por los servidores de Telegram.
    · { voz-Aqui } { voz-sus } palabras se guardan cifradas.
consent-stop =
    Parar
    · Cuando { $register ->
       *[usted] quiera
        [tu] quieras
        [vos] quieras
    }, con /pausa.
    · Decir que no, ahora o después, no cambia nada en { voz-su } terapia.
consent-rights =
    { $register ->
       *[usted] Sus derechos
        [tu] Tus derechos
        [vos] Tus derechos
    }
    · Con /misdatos { $register ->
       *[usted] recibe todo lo que hay guardado, y ve quién lo
        [tu] recibes todo lo que hay guardado, y ves quién lo
        [vos] recibís todo lo que hay guardado, y ves quién lo
    } { voz-ha-leido }. Con /privacidad, cuánto tiempo se guarda.
    · Con /baja { $register ->
       *[usted] se va: dejo de escribirle y se borran sus palabras y su identificador de Telegram.
        [tu] te vas: dejo de escribirte y se borran tus palabras y tu identificador de Telegram.
        [vos] te vas: dejo de escribirte y se borran tus palabras y tu identificador de Telegram.
    } Antes de hacerlo explico qué se queda y por qué.
    · Hay copias de seguridad cifradas; duran { $days } días, y después lo borrado tampoco está en ellas.
consent-changed = Este texto { $region ->
   *[spain] ha cambiado
    [americas] cambió
 } { $register ->
   *[usted] desde que lo aceptó. Hasta que decida, no preguntaré nada.
    [tu] desde que lo aceptaste. Hasta que decidas, no preguntaré nada.
    [vos] desde que lo aceptaste. Hasta que decidas, no preguntaré nada.
 }
consent-contact = Para cualquier duda: { $contact }
button-accept = Acepto
button-decline = Prefiero que no
consented = Gracias. Después de cada sesión { $con } llegarán las preguntas. Si no { $register ->
   *[usted] quiere contestar alguna vez, está bien. Para parar: /pausa. { voz-si-necesita-ayuda }
    [tu] quieres contestar alguna vez, está bien. Para parar: /pausa. { voz-si-necesita-ayuda }
    [vos] querés contestar alguna vez, está bien. Para parar: /pausa. { voz-si-necesita-ayuda }
 }
consent-declined = De acuerdo: no preguntaré nada. Esto no cambia nada en { voz-su } terapia. Si más adelante { $register ->
   *[usted] cambia de idea, pida otro enlace { $a }.
    [tu] cambias de idea, pide otro enlace { $a }.
    [vos] cambiás de idea, pedí otro enlace { $a }.
 } { voz-si-necesita-ayuda }
welcome-back = Todo está en marcha { $con }: después de cada sesión llegarán las preguntas. { voz-si-necesita-ayuda }
stranger =
    Este chat pregunta, después de cada sesión de terapia, cómo fue, y lo lee quien lleva la terapia. Para empezar hace falta un enlace personal: { $register ->
       *[usted] pídaselo a su terapeuta.
        [tu] pídeselo a tu terapeuta.
        [vos] pedíselo a tu terapeuta.
    }
    { voz-si-necesita-ayuda }
not-started =
    La invitación está todavía sin aceptar, y lo que se escribe { voz-aqui } no se guarda ni lo lee nadie. Para verla otra vez: { $register ->
       *[usted] abra
        [tu] abre
        [vos] abrí
    } de nuevo el enlace. Decir que no también está bien.
    { voz-si-necesita-ayuda }
not-carried = Eso no lo entiendo, y no llegó a nadie: este chat no lleva mensajes a los pacientes. Con /ayuda se ve lo que se puede hacer { voz-aqui }, y a quién llamar.
not-here = Eso no se puede hacer desde este chat. Con /ayuda se ve lo que sí se puede, y a quién llamar.
link-invalid = Este enlace no es válido. Puede que esté incompleto: { $register ->
   *[usted] ábralo otra vez o pida
    [tu] ábrelo otra vez o pide
    [vos] abrilo otra vez o pedí
 } uno nuevo a quien { voz-le-o-se } lo envió.
link-used = Este enlace ya se usó. Si hace falta, { voz-pida } uno nuevo a quien { voz-le-o-se } lo envió.
link-expired = Este enlace { $region ->
   *[spain] ha caducado
    [americas] ya venció
 }. { $register ->
   *[usted] Pida
    [tu] Pide
    [vos] Pedí
 } uno nuevo a quien { voz-le-o-se } lo envió.
link-too-many-tries = Demasiados intentos seguidos. { $register ->
   *[usted] Espere
    [tu] Espera
    [vos] Esperá
 } una hora y { $register ->
   *[usted] vuelva
    [tu] vuelve
    [vos] volvé
 } a abrir el enlace. { voz-si-necesita-ayuda }

## Palabras fuera de las preguntas

words-offer =
    Nadie lee este chat en este momento. ¿{ voz-Quiere } dejarle este mensaje { $a }? Sabrá que { $region ->
       *[spain] le { voz-ha-escrito }
        [americas] { $register ->
           *[usted] usted le escribió
            [tu] le escribiste
            [vos] le escribiste
        }
    }.
    { voz-si-necesita-ayuda }
button-leave-it = Dejárselo
button-no = No
words-kept = Guardado. { $Therapist } sabrá que hay un mensaje. No sé cuándo podrá leerlo.
words-not-kept = De acuerdo: { voz-no-se-ha-guardado } nada.
media-refused = { $kind ->
    [voice] { voz-Aqui } solo puedo guardar texto. El audio { voz-no-se-ha-guardado }.
    [photo] { voz-Aqui } solo puedo guardar texto. La foto { voz-no-se-ha-guardado }.
    [video] { voz-Aqui } solo puedo guardar texto. El { $region ->
       *[spain] vídeo
        [americas] video
    } { voz-no-se-ha-guardado }.
    [sticker] { voz-Aqui } solo puedo guardar texto. El sticker { voz-no-se-ha-guardado }.
    [document] { voz-Aqui } solo puedo guardar texto. El archivo { voz-no-se-ha-guardado }.
   *[other] { voz-Aqui } solo puedo guardar texto. Eso { voz-no-se-ha-guardado }.
 }
media-instead = Si { voz-quiere }, { $register ->
   *[usted] cuéntelo
    [tu] cuéntalo
    [vos] contalo
 } por escrito. { voz-si-necesita-ayuda }
edited-too-late = Ese cambio { voz-no-se-ha-guardado }: vale lo que ya estaba contestado. Si { voz-quiere }, { $register ->
   *[usted] escríbalo
    [tu] escríbelo
    [vos] escribilo
 } en un mensaje nuevo.
paused = En pausa: no preguntaré nada. Para volver: /reanudar. { voz-si-necesita-ayuda }
resumed = En marcha otra vez: preguntaré después de la próxima sesión.
too-fast = Van demasiados mensajes seguidos; sigo { voz-aqui } en un minuto. Todo lo anterior llega igual. Ayuda inmediata: /ayuda
unknown-command = Eso no lo entiendo. Con /ayuda se ve lo que se puede hacer { voz-aqui }, y a quién llamar.
nothing-waits = De acuerdo: no hay nada por anotar. Con /ayuda se ve lo que se puede hacer { voz-aqui }, y a quién llamar.

## Ajustes

settings =
    Idioma: español
    Zona horaria: { $city } (ahora, { $time })
settings-rest = Horas de descanso: de { $starts } a { $ends }, las { voz-de-la-consulta }
settings-rest-own = Horas de descanso: de { $starts } a { $ends }
settings-rest-none = Sin horas de descanso
settings-work = Horario de sesiones: de { $starts } a { $ends }, el { voz-de-la-consulta }
settings-work-own = Horario de sesiones: de { $starts } a { $ends }
settings-working =
    ¿Entre qué horas empiezan las sesiones? Así entiendo si «a las 5» es por la mañana o por la tarde, y qué horas ofrezco.
    Con otras horas: /ajustes trabajo 8:30-17:00
settings-language = ¿En qué idioma?
settings-manner = Trato: { $register ->
   *[usted] de usted
    [tu] de tú
    [vos] de vos
 }, español de { $region ->
   *[spain] España
    [americas] América
 }
manner = { $register ->
   *[usted] Le trato de usted,
    [tu] Te trato de tú,
    [vos] Te trato de vos,
 } con el español de { $region ->
   *[spain] España
    [americas] América
 }.
manner-question = La primera pregunta dice: «{ question-understood }»
manner-change = Un toque lo cambia, también en las preguntas que están por contestar.
manner-first = La primera pregunta dirá: «{ question-understood }» Si suena mejor de otra manera, basta un toque; más adelante, en /ajustes.
settings-country =
    ¿En qué país?
    Si no está, { $register ->
       *[usted] escriba
        [tu] escribe
        [vos] escribí
    } la ciudad así: /ajustes Bogotá
settings-zone = ¿En qué ciudad es la misma hora que en la { $register ->
   *[usted] suya
    [tu] tuya
    [vos] tuya
 }?
settings-quiet =
    ¿A qué horas no debo escribir? Lo que toque a esas horas espera a que terminen.
    Con otras horas: /ajustes 22:30-9:00
settings-command = ajustes
settings-several = Hay más de un lugar que se llama así. ¿Cuál es?
settings-unclear =
    Eso no lo encuentro. Estas tres formas las entiendo:
    /ajustes Bogotá
    /ajustes America/Mexico_City
    /ajustes 22:30-9:00
button-language = Idioma
button-manner = Trato
button-chosen = ✓ { $choice }
button-register-usted = De usted
button-register-tu = De tú
button-register-vos = De vos
button-form-comprendido = Comprendido
button-form-comprendida = Comprendida
button-form-neutral = Neutral
button-region-spain = España
button-region-americas = América
button-rather-usted = Mejor de usted
button-rather-tu = Mejor de tú
button-rather-vos = Mejor de vos
button-zone = Zona horaria
button-quiet = Horas de descanso
button-working = Horario de sesiones
button-work-practice = El { voz-de-la-consulta } ({ $starts }-{ $ends })
button-quiet-hours = De { $starts } a { $ends }
button-quiet-practice = Las { voz-de-la-consulta } ({ $starts }-{ $ends })
button-quiet-practice-none = Las { voz-de-la-consulta } (ninguna)
button-quiet-none = Sin horas de descanso
button-settings-back = Volver
language-es = Español
language-en = English

## Órdenes

command-nuevo = Invitar a un paciente
    .help = /nuevo P-07 · crea el código y da un enlace de un solo uso, con su QR. Si es menor de edad: /nuevo P-07 menor
command-pacientes = Pacientes y cómo van
    .help = /pacientes · códigos, estado y última alianza
command-sesion = Anotar una sesión
    .help = /sesion P-07 ahora · la sesión acaba de terminar. También /sesion P-07 terminó a las 11, /sesion P-07 hoy 17:00 50m, /sesion P-07 cada martes 17:00, o /sesion sola, con botones
command-agenda = Las sesiones de dos semanas
    .help = /agenda · las sesiones de las dos próximas semanas: mover, anular, anotar que no vino o que falló la conexión
command-alertas = Alertas abiertas
    .help = /alertas · lo que sigue abierto, lo más urgente primero
command-resumen = El resumen de la semana
    .help = /resumen · la semana hasta hoy; el resumen llega también solo, cada semana
command-acuerdo = El acuerdo de la terapia
    .help = /acuerdo P-07 … · anotar un acuerdo pequeño y revisable, que el paciente puede ver; sin texto, verlo, revisarlo o retirarlo
    .patient = /acuerdo · ver el acuerdo de ahora con quien lleva la terapia
command-nota = Notas de un paciente
    .help = /nota P-07 … · anotar un marcador de seguridad, una revisión de la alianza o un microobjetivo; sin texto, ver las últimas
command-historial = El historial de un paciente
    .help = /historial P-07 · sus sesiones en un gráfico y una tabla, y lo que escribió
command-ajustes = Idioma, trato, zona horaria y descanso
    .help = /ajustes · idioma, trato, zona horaria y horas de descanso
command-ayuda = Ayuda, y a quién llamar
    .help = /ayuda · esta página
command-exportar = Pasar lo de un paciente a la historia
    .help = /exportar P-07 · todo lo que se guarda de un paciente, en archivos
command-misdatos = Todo lo que se guarda, en un archivo
    .help = /misdatos · recibir en un archivo todo lo que se guarda, y quién lo { voz-ha-leido }
command-privacidad = Quién lo lee y qué se guarda
    .help = /privacidad · quién lo lee, qué se guarda, dónde y cuánto tiempo
command-baja = Irse y borrar los datos
    .help = /baja · irse; antes de borrar nada, explico qué se borra y qué se queda
command-pausa = Dejar de recibir preguntas
    .help = /pausa · no preguntaré nada hasta que { $register ->
       *[usted] quiera
        [tu] quieras
        [vos] quieras
    }
command-reanudar = Volver a recibir preguntas
    .help = /reanudar · volver a recibir preguntas

## Terapeuta: llegada y pacientes

enrol-offer =
    Este bot pregunta a cada paciente, después de la sesión, tres cosas de 0 a 10: si hubo comprensión, si tuvo sentido, si algo quedó pendiente. Las respuestas llegan { voz-aqui }: un aviso si la alianza percibida cae de una sesión a otra, y un resumen cada semana. No es un servicio de urgencias ni diagnostica nada.

    ¿Cómo { $register ->
       *[usted] quiere que le nombremos ante sus pacientes? Elija, o escriba
        [tu] quieres que te nombremos ante tus pacientes? Elige, o escribe
        [vos] querés que te nombremos ante tus pacientes? Elegí, o escribí
    } otro nombre.
enrol-offer-second_contact =
    { $register ->
       *[usted] Le invitan
        [tu] Te invitan
        [vos] Te invitan
    } como segundo contacto { voz-de-la-consulta }. { role-second_contact }
enrol-offer-supervisor =
    { $register ->
       *[usted] Le invitan
        [tu] Te invitan
        [vos] Te invitan
    } para acompañar al equipo { voz-de-la-consulta }. { role-supervisor }
enrol-offer-operator =
    { $register ->
       *[usted] Le invitan
        [tu] Te invitan
        [vos] Te invitan
    } para cuidar de que este bot funcione. { role-operator }
enrol-offer-name = ¿Con qué nombre { $register ->
   *[usted] quiere figurar ante { voz-la-consulta }? Elija, o escriba otro: así acepta.
    [tu] quieres figurar ante { voz-la-consulta }? Elige, o escribe otro: así aceptas.
    [vos] querés figurar ante { voz-la-consulta }? Elegí, o escribí otro: así aceptás.
 }
contact-enrolled = Listo: { voz-la-consulta } leerá «{ $therapist }».
role-second_contact = Segundo contacto: { voz-aqui } llega un aviso, a cualquier hora, cuando un paciente escribe que piensa en morir o en hacerse daño y su terapeuta no lo ve en media hora, o no se le puede avisar. Y, si un paciente lo elige, lo que quiera contar de alguien que le hace daño.
role-supervisor = Supervisión: si { voz-la-consulta } lo tiene activado, el primer día de cada mes llega { voz-aqui } una lectura de la alianza del equipo, en sumas, sin nombres ni códigos. Nunca palabras de pacientes.
role-operator = Contacto técnico: { voz-aqui } llega un aviso, a cualquier hora, cuando una alerta urgente no le llega a nadie y hay que buscar a alguien { voz-de-la-consulta } por otro medio. Nunca de qué paciente se trata ni sus palabras. También llega { voz-aqui } lo que le pase al bot: si nadie puede escribirle o un aviso no sale, a cualquier hora; lo demás, de día.
enrolled =
    Listo: { voz-sus } pacientes leerán «{ $therapist }».
    Para empezar, /nuevo P-07 crea el código de un paciente (sin nombre) y da su enlace. Después de una sesión: /sesion P-07 ahora.
    Todo lo demás: /ayuda
invitation-ready =
    { $code } · enlace personal, de un solo uso, hasta { $until }:
    { $link }
    { $register ->
       *[usted] Envíeselo o muéstrele
        [tu] Envíaselo o muéstrale
        [vos] Enviáselo o mostrale
    } este QR. Quien lo abra leerá primero de qué se trata y podrá decir que no.
invitation-moves = { $code } ya está en marcha, y para seguir no necesita otro enlace. Este sirve para cambiar de teléfono o de cuenta: desde que se acepte, quien lo haya abierto recibe las preguntas, y la cuenta de antes ya no.
patient-accepted = { $code } { $region ->
   *[spain] ha aceptado
    [americas] aceptó
 }. Después de cada sesión: /sesion { $code } ahora
patient-declined = { $code } prefiere que no. No recibirá preguntas.
invitation-refused = { $name }: hubo un intento de abrir el enlace desde otra cuenta. No entró nadie. Con /nuevo { $name } sale uno nuevo.
patient-unreachable = { $code }: los mensajes ya no le llegan (el chat está bloqueado o la cuenta, cerrada). Con /nuevo { $code } sale otro enlace.
code-missing = Falta el código del paciente, que no lleva su nombre. Por ejemplo: /nuevo P-07
code-bad = Un código no lleva nombre: tiene de 1 a 16 letras, cifras o guiones, sin espacios. Por ejemplo: P-07
code-taken = { $code } ya existe. { $register ->
   *[usted] Elija
    [tu] Elige
    [vos] Elegí
 } otro código.
code-unknown = No hay ningún paciente { $code }. La lista: /pacientes
code-not-first = «{ $word }» no es el código de ningún paciente. El código va delante: /sesion { $code } mañana 17:00. La lista: /pacientes
patients-title = { $count ->
    [one] { $count } paciente
   *[other] { $count } pacientes
 }
patients-none = Todavía no hay pacientes. Para empezar: /nuevo P-07
patient-line = { $code } · { $state }
patient-line-rated = { $code } · { $state } · { $mean } ({ $day })
patient-urgent = palabras urgentes, sin contactar todavía
patient-state-invited = invitación sin aceptar
patient-state-active = en marcha
patient-state-declined = prefirió que no
patient-state-paused = en pausa
patient-state-unreachable = no le llegan los mensajes
patient-state-left = se dio de baja

## Terapeuta: sesiones

session-ended = { $code } · sesión terminada { $ends } ({ $zone }).
session-planned = { $code } · sesión { $day }, de { $starts } a { $until } ({ $zone }).
session-asks = Preguntaré { $when }.
session-asks-now = Pregunto ahora.
session-asks-never = Es tarde para preguntar por ella: no habrá preguntas.
session-waits-invited = La invitación está todavía sin aceptar: si no la acepta antes, no habrá preguntas.
session-waits-declined = Prefirió que no se le pregunte: no habrá preguntas.
session-waits-paused = Está en pausa: si no la termina antes, no habrá preguntas.
session-waits-unreachable = No le llegan los mensajes (el chat está bloqueado o la cuenta, cerrada): si no vuelve antes, no habrá preguntas.
session-waits-left = Se dio de baja: no habrá preguntas.
session-undone = { $code }: sesión anulada. No habrá preguntas por ella.
session-undo-late = { $code }: sobre esa sesión ya hay respuesta; ya no se puede deshacer.
session-in-past = { $code }: { $day }, de { $starts } a { $until } ({ $zone }), ya pasó. ¿Terminó entonces, { $region ->
   *[spain] ha terminado
    [americas] terminó
 } ahora, o es otra fecha?
session-ambiguous-hour = { $code } · no sé si es de la mañana o de la tarde. ¿A qué hora empieza? Durará { $length }.
session-mismatch = { $code } · esa fecha es { $day }, y no { $weekday }. ¿Qué día es la sesión? Durará { $length }.
series-ambiguous-hour = { $code } · no sé si es de la mañana o de la tarde. ¿A qué hora empieza cada sesión? Durará { $length }.
series-once-or-weekly = { $code } · { $days }: ¿cada semana, o solo esta vez ({ $dates })? Cada sesión durará { $length }.
line-empty = { voz-No-he-entendido } cuándo es.
line-too_long = Esa línea es demasiado larga para leerla.
line-no_time = Falta la hora.
line-unclear_time = { voz-No-he-entendido } la hora.
line-not_yet = Esa hora está todavía por llegar.
line-past = Esa hora ya pasó.
line-no_day = { voz-No-he-entendido } qué día es, o sobra alguna palabra.
line-no_such_day = Esa fecha no existe. El día va delante del mes.
line-weekday_mismatch = El día de la semana y la fecha no coinciden: esa fecha es { $day }.
line-length = Una sesión dura entre { $shortest } minutos y { $longest } horas.
line-too_far = Eso queda a más de un año.
line-recurrence = { voz-No-he-entendido } cómo se repite. Puede ser cada semana o cada varias semanas, no por días ni por meses.
line-no_weekday = Falta el día de la semana.
line-ends_first = Con ese final no queda ninguna sesión.
line-examples =
    Por ejemplo:
    /sesion { $code } ahora
    /sesion { $code } mañana 17:00 50m
    /sesion { $code } el jueves a las 9
line-examples-series =
    Por ejemplo:
    /sesion { $code } cada martes 17:00
    /sesion { $code } martes 17:00 cada dos semanas
    /sesion { $code } los martes y jueves 9:00, 10 veces
line-examples-until =
    Por ejemplo:
    /sesion { $code } cada martes 17:00 hasta el { $example }
    /sesion { $code } cada martes 17:00 durante 12 semanas
    /sesion { $code } cada martes 17:00, 10 veces
line-examples-move =
    Por ejemplo:
    mañana 17:15
    el jueves a las 9
    24/11 17:00
move-which-week = { $code } · ¿qué { $weekday }? Durará { $length }.
move-series-not-there = La serie no puede seguir desde ese día. Los botones muestran los días posibles.
move-series-rhythm = { voz-Aqui } cambian el día y la hora de la serie, con una línea: el jueves a las 17:15. Cada cuánto se repite no cambia.
session-overlap = { $code } ya tiene una sesión que se cruza con esa hora: no quedó anotada otra. Para verla, moverla o anularla: /agenda
session-perhaps-same = { $code } ya tenía una sesión anotada { $day }, de { $starts } a { $until }. ¿Es la misma u otra?
session-same = { $code }: anotado, es la misma sesión.
session-same-asks = Preguntaré después, contando desde que terminó de verdad.
session-pick-patient = ¿Con quién es la sesión?
session-pick-when = { $code } · ¿cuándo?
session-weekly-day =
    { $code } · cada semana: ¿qué día es la primera?
    Con otro ritmo, una línea: /sesion { $code } martes 17:00 cada dos semanas
session-weekly-hour = { $code } · cada semana desde { $day }: ¿a qué hora empieza?
weekday-names = lunes, martes, miércoles, jueves, viernes, sábado, domingo
and = { $first } y { $last }
series-rule = { $weeks ->
    [1] cada { $days } { voz-a-las }
   *[other] cada { $weeks } semanas, { $days } { voz-a-las }
 }
series-until = { $rule }, hasta { $day }
series-count = { $rule }, { $count ->
    [one] una vez
   *[other] { $count } veces
 }
series-noted = { $code } · { $rule } ({ $zone }).
series-first = La primera, { $when }.
series-left-out = { $count ->
    [one] Una no queda anotada: se cruza con otra sesión de ese código.
   *[other] { $count } no quedan anotadas: se cruzan con otras sesiones de ese código.
 }
series-others = Sigue igual: { $rule } ({ $zone }).
series-resumed = { $code }: la serie queda como antes, { $rule } ({ $zone }).
series-asks = Preguntaré después de cada una.
series-ended = { $code }: la serie termina. { $count ->
    [0] No quedaba ninguna sesión por venir.
    [one] La sesión que quedaba está anulada y no se preguntará por ella.
   *[other] Las { $count } sesiones que quedaban están anuladas y no se preguntará por ellas.
 }
agenda-heading = { $register ->
   *[usted] Sus
    [tu] Tus
    [vos] Tus
 } sesiones: ayer, hoy y las próximas dos semanas ({ $zone }). { voz-Pulse } una para cambiarla.
agenda-empty = No hay sesiones anotadas: ni ayer, ni hoy, ni en las próximas dos semanas. Para anotar una: /sesion. También se puede enviar { voz-aqui } un calendario (.ics).
agenda-more = Y { $count } más.
agenda-session = { $code } · { $day }, de { $starts } a { $until } ({ $zone }).
agenda-of-series = Es de una serie.
agenda-cancelled = anulada
agenda-cancelled-means = Anulada: no se preguntará por ella.
agenda-missed = no vino
agenda-missed-means = No vino: no se preguntará por ella.
agenda-silent = sin pregunta
agenda-silent-means = Ya no se preguntará por ella: el plazo ya pasó.
agenda-online = en línea
agenda-online-means = En línea.
agenda-in_person = presencial
agenda-in_person-means = Presencial.
agenda-cut = falló la conexión
agenda-cut-means = Falló la conexión: lo que conteste se guarda, pero no se compara con otras sesiones.
agenda-series = { $code } · { $rule } ({ $zone }). Lo que cambie vale desde { $day }; lo anterior queda como está.
agenda-move-day =
    { $code } · { $day }: ¿a qué día pasa la sesión?
    Para otra fecha u otra hora, se puede responder a este mensaje con una línea (dejándolo { voz-pulsado }, «Responder»): el jueves a las 17:15
agenda-move-series-day =
    { $code } · la serie, desde { $day }: ¿qué día es la primera sesión con el horario nuevo?
    Para otra fecha u otra hora, se puede responder a este mensaje con una línea (dejándolo { voz-pulsado }, «Responder»): el jueves a las 17:15
agenda-move-hour =
    { $code } · { $day }: ¿a qué hora empieza?
    Para otra hora, se puede responder a este mensaje (dejándolo { voz-pulsado }, «Responder»): 17:15
agenda-not-asked = La pregunta de esa sesión ya salió.
agenda-not-answered = Sobre esa sesión ya hay respuesta.
agenda-not-overlap = Se cruza con otra sesión de ese código.
calendar-changes = Calendario leído: { $changes }.
calendar-same = Calendario leído: no cambia nada en la agenda.
calendar-again = Calendario leído: los cambios ya están en la agenda.
calendar-added = { $count ->
    [one] una sesión nueva
   *[other] { $count } sesiones nuevas
 }
calendar-moved = { $count ->
    [one] una movida
   *[other] { $count } movidas
 }
calendar-cancelled = { $count ->
    [one] una anulada
   *[other] { $count } anuladas
 }
calendar-asked = { $count ->
    [one] Una tiene otra hora en el calendario, pero su pregunta ya salió: queda como estaba.
   *[other] { $count } tienen otra hora en el calendario, pero sus preguntas ya salieron: quedan como estaban.
 }
calendar-ignored = { $count ->
    [one] Un evento no cuenta como sesión: ya pasado, de todo el día, a más de doce semanas, de nadie, o a la misma hora que otro.
   *[other] { $count } eventos no cuentan como sesiones: ya pasados, de todo el día, a más de doce semanas, de nadie, o a la misma hora que otros.
 }
calendar-unreadable = { $count ->
    [one] Un evento no se puede leer.
   *[other] { $count } eventos no se pueden leer.
 }
calendar-unknown = { $count ->
    [one] De un título no sé de quién es; lo pregunto ahora.
   *[other] De { $count } títulos no sé de quién son; los pregunto ahora.
 }
calendar-unknown-many = De { $count } títulos no sé de quién son. Pregunto por los { $asked } más frecuentes; para los demás, { voz-envie } el archivo otra vez cuando estén contestados.
calendar-missing = { $count ->
    [one] Una sesión que vino de un calendario no está en este archivo. Sigue anotada.
   *[other] { $count } sesiones que vinieron de un calendario no están en este archivo. Siguen anotadas.
 }
calendar-look = Las sesiones: /agenda
calendar-whose = «{ $title }» · { $count ->
    [one] una sesión, { $when }
   *[other] { $count } sesiones, la próxima { $when }
 }
calendar-whose-question = ¿De quién { $count ->
    [one] es
   *[other] son
 }? Los títulos no se guardan.
calendar-title-gone = Un título del calendario
calendar-chosen = { $code } · { $count ->
    [0] no queda ninguna sesión por anotar
    [one] una sesión en la agenda
   *[other] { $count } sesiones en la agenda
 }. Por este título no preguntaré más.
calendar-chosen-nobody = De nadie: no se anota nada. Por este título no preguntaré más.
calendar-chosen-again = Desde ahora: { $code }. Lo que ya está en la agenda cambia cuando { $register ->
   *[usted] envíe
    [tu] envíes
    [vos] envíes
 } el archivo otra vez.
calendar-chosen-again-nobody = Desde ahora: de nadie. Lo que ya está en la agenda cambia cuando { $register ->
   *[usted] envíe
    [tu] envíes
    [vos] envíes
 } el archivo otra vez.
calendar-nobodys = { $count ->
    [0] Anotado: de nadie.
    [one] Anotado: el título que quedaba no es de nadie. Por él no preguntaré más.
   *[other] Anotado: los { $count } títulos que quedaban no son de nadie. Por ellos no preguntaré más.
 }
calendar-called-off = { $count ->
    [0] Ya están anuladas. No se preguntará por ellas.
    [one] Una sesión anulada. No se preguntará por ella.
   *[other] { $count } sesiones anuladas. No se preguntará por ellas.
 }
calendar-refused = { $why } La agenda queda como estaba.
calendar-too_large = Ese calendario es demasiado grande para leerlo (1 MB como máximo). Quizá se pueda exportar solo lo que está por venir.
calendar-too_many_events = Ese calendario tiene demasiados eventos para leerlo (1000 como máximo). Quizá se pueda exportar solo lo que está por venir.
calendar-not_a_calendar = Ese archivo no es un calendario, o no está entero.
calendar-recurrence = En ese calendario hay una repetición que no se puede seguir: demasiado frecuente, o que no llega nunca.
calendar-too_slow = Leer ese calendario lleva demasiado tiempo. Quizá en otro momento, o con menos eventos.
calendar-withheld = Telegram no me entrega ese archivo. Enviarlo otra vez suele bastar.
calendar-line = { $why } (Línea { $line }.)
button-nobodys = De nadie
button-nobodys-titles = Ninguno de los demás
button-call-off-missing = { $count ->
    [one] Anular la que ya no está
   *[other] Anular las { $count } que ya no están
 }
session-pick-day =
    { $code } · ¿qué día?
    Más adelante, con una línea: /sesion { $code } { $example } 17:00
session-pick-hour =
    { $code } · { $day }: ¿a qué hora empieza? Durará { $length }.
    Con otra hora o duración, una línea: /sesion { $code } { $example } 17:15 90m
session-no-hours =
    { $code } · { $day }: hoy ya no quedan horas de trabajo.
    Con otra hora, una línea: /sesion { $code } { $example } 22:00 50m
session-day-gone =
    { $code } · { $day } ya pasó.
    Si hubo sesión ese día, una línea: /sesion { $code } { $example } 17:00
session-over-today = Si ya terminó, una línea: /sesion { $code } hace una hora
no-session-claimed = { $code } dice que no hubo sesión { $day }.
no-session-confirmed = { $code }: anotado, no hubo sesión { $day }.
no-session-denied = { $code }: anotado, sí hubo sesión { $day }.
button-undo = Deshacer
button-now = { $region ->
   *[spain] Ha terminado
    [americas] Terminó
 } ahora
button-today = Hoy, a otra hora
button-other = Otro día
button-weekly = Cada semana
button-move = Mover
button-cancel-session = Anular
button-missed = No vino
button-takes-place = Sí tiene lugar
button-took-place = Sí tuvo lugar
button-online = En línea
button-in_person = Presencial
button-cut = Falló la conexión
button-not-cut = La conexión no falló
button-series = Toda la serie
button-move-series = Cambiar desde { voz-aqui }
button-end-series = Terminar { voz-aqui }
button-back-to-session = Volver
button-agenda = Agenda
button-then = Terminó entonces
button-once = Solo esta vez
button-same = Es la misma
button-another = Otra sesión
button-other-date = Otra fecha
button-indeed = Así es
button-there-was = Sí la hubo

## Terapeuta: avisos

alert-push = { $code }: { $rule ->
    [item_drop] una de las respuestas { voz-ha-bajado }.
    [slide] la alianza viene bajando.
    [silence] sin respuesta después de una caída.
   *[drop] caída de la alianza percibida.
 }
alert-push-again = { $code }: { $rule ->
    [item_drop] otra de las respuestas { voz-ha-bajado }.
   *[drop] nueva caída de la alianza percibida.
 }
alert-title = { $code } · caída de la alianza (regla: { $points ->
    [1] 1 punto o más
   *[other] { $points } puntos o más
 })
alert-title-item = { $code } · una respuesta { voz-ha-bajado } (regla: { $points ->
    [1] 1 punto o más
   *[other] { $points } puntos o más
 } en una de las dos preguntas)
alert-title-slide = { $code } · la alianza viene bajando (regla: { $points ->
    [1] 1 punto o más
   *[other] { $points } puntos o más
 } por debajo de sus primeras sesiones)
alert-title-falls = { $code } · la alianza viene bajando (regla: tres bajadas seguidas que suman { $points ->
    [1] 1 punto o más
   *[other] { $points } puntos o más
 })
alert-title-silence = { $code } · sin respuesta (regla: { $points ->
    [1] una sesión sin respuesta
   *[other] { $points } sesiones seguidas sin respuesta
 })
alert-title-silence-first = { $code } · sin respuesta (regla: la primera sesión sin respuesta después de una caída)
alert-numbers = { $current_day }: { $current }   ·   { $previous_day }: { $previous }   ·   { $days ->
    [one] { $days } día entre ambas
   *[other] { $days } días entre ambas
 }
alert-unanswered = { $count ->
    [one] Entre ambas hubo { $count } sesión sin respuesta.
   *[other] Entre ambas hubo { $count } sesiones sin respuesta.
 }
alert-most = Lo que más bajó: «{ $item }» { $before } → { $after }
alert-baseline = Mediana de sus primeras sesiones: { $level }
alert-partly = { $current_day }: contestó una de las dos preguntas   ·   se compara con el { $previous_day }   ·   { $days ->
    [one] { $days } día entre ambas
   *[other] { $days } días entre ambas
 }
alert-silent = { $count ->
    [one] La sesión del { $day } se cerró sin respuesta.
   *[other] { $count } sesiones seguidas se cerraron sin respuesta; la última, la del { $day }.
 }
alert-last-answer = Última respuesta: { $day }: { $mean }   ·   { $days ->
    [one] { $days } día entre ambas
   *[other] { $days } días entre ambas
 }
item-understood = { question-understood-dated }
item-sense = ¿Lo que hicimos tuvo sentido?
alert-repair =
    1. Parar y nombrar lo que tensa, sin prisa.
    2. Validar y explorar primero, sin defenderse, también la parte propia; interpretar, más adelante.
    3. Renegociar el rumbo y acordar un paso pequeño.
alert-ask = El silencio no dice por qué: en la próxima sesión se puede preguntar, sin reproche.
alert-seen = Visto.
alert-talked = { $family ->
    [silence] Anotado: ya se habló. Sigue abierto hasta que vuelva a contestar.
   *[fall] Anotado: ya se habló. Sigue abierto hasta que la alianza vuelva a subir.
 }
alert-repaired = { $family ->
    [silence] Vuelve a contestar. Este aviso queda cerrado.
   *[fall] Reparada. Este aviso queda cerrado.
 }
alert-unrepaired = Cerrado sin reparar: hubo más sesiones contestadas, la alianza no volvió a subir y no está anotado que se hablara.
alert-false-alarm = Anotado: no era eso. Este aviso queda cerrado.
alert-withdrawn = { $family ->
    [silence] Aviso retirado: después de una corrección, esa sesión ya no cuenta como silencio.
    [slide] Aviso retirado: después de una corrección, la bajada ya no está.
   *[fall] Aviso retirado: después de una corrección, la caída ya no está.
 }
alert-withdrawn-push = { $family ->
    [silence] { $code }: aviso retirado. Después de una corrección, esa sesión ya no cuenta como silencio.
    [slide] { $code }: aviso retirado. Después de una corrección, la bajada ya no está.
   *[fall] { $code }: aviso retirado. Después de una corrección, la caída ya no está.
 }
button-see = Ver
button-read-words = Leer sus palabras
button-guide = Guía de reparación
button-talked = Lo hablamos
button-false-alarm = No era eso
button-seen = Visto
button-repaired = Reparada
button-read-note = Leer la nota
button-no-note = Sin nota
button-drop-note = Borrar la nota
button-return = Volver
button-read-on = Seguir leyendo
words-title = { $code } · sus palabras, { $day }
words-page = { $page } de { $pages }
words-hidden-soon = Se ocultan en { $minutes } minutos.
words-hidden = { $code } · { $day }: palabras ocultas
words-none = { $code } no escribió nada sobre esa sesión.
words-kind-reflection = Comentario:
words-kind-pending = Lo que quedó pendiente:
words-kind-message = Mensaje:
words-kind-crisis = Mensaje:

following-title = Alertas abiertas: { $count }
following-none = No hay ninguna alerta abierta. Cuando haya una, llega sola.
following-urgent = { $code } · palabras urgentes sin ver, { $when }
following-urgent-seen = { $code } · palabras urgentes sin contactar todavía, { $when }
following-line = { $code } · { $rule ->
    [item_drop] una respuesta { voz-ha-bajado }
    [slide] la alianza viene bajando
    [silence] sin respuesta
   *[drop] caída de la alianza
 } · { $state ->
    [seen] vista
    [talked] hablada
   *[open] sin ver
 }, desde el { $day }
button-see-code = Ver { $code }
button-see-code-kind = Ver { $code }: { $family ->
    [silence] silencio
    [slide] descenso
   *[fall] caída
 }
button-see-urgent = Urgente: leer a { $code }
button-before = Anteriores
button-after = Siguientes

episode-note-ask = { $code }: anotado que se habló. Si { voz-quiere }, { $register ->
   *[usted] escriba
    [tu] escribe
    [vos] escribí
 } ahora en una línea qué apareció y qué se renegoció: lo próximo que llegue { voz-aqui } en 15 minutos será la nota. Se guarda cifrada y pasa a la historia con /exportar. Sin nota: /nada
episode-noted = { $code }: la nota está guardada. Se lee desde la alerta, con «Leer la nota». Si no era para esto, se puede borrar.
episode-not-noted = { $code }: sin nota.
episode-note-title = { $code } · nota sobre lo que se habló

repair-guide-title = { $code } · reparar, paso a paso
repair-guide =
    1. Parar. Menos exploración y más calma antes de seguir; empezar por la propia respiración.
    2. Mirar la parte propia. ¿Qué impulso aparece: rescatar, confrontar, alejarse? ¿Qué se hizo, o faltó, la última vez?
    3. Nombrar la tensión. «Me pregunto si la última vez algo no fue bien { voz-aqui }.»
    4. Validar sin defenderse. Lo que sintió tiene su lógica; el tropiezo también puede ser de quien acompaña.
    5. Explorar qué resultó intrusivo o confuso: una pregunta, el ritmo, un silencio. Interpretar o señalar patrones, más adelante: mientras dura la tensión ayuda menos.
    6. Renegociar el foco: hacia dónde y a qué paso, decidido en común.
    7. Un microacuerdo para lo que queda de sesión: pequeño, claro y revisable.
    8. Una pausa somática breve, de 30 a 90 segundos, antes de terminar.

    La tensión se muestra de dos maneras, a veces juntas. Los números no dicen cuál es; eso se ve en la sesión.
    · Retirada: habla menos, asiente a todo, contesta dieces sin comentario o no contesta. Dar tiempo y permiso para no estar de acuerdo.
    · Queja: números bajos, reproche, ironía. Escucharla entera antes de responder.

    «Reparar fortalece más que evitar el conflicto.»
    Es una guía igual para todo el mundo, no una receta.
    Fuentes: Formación Psicoterapia, «Estrategias clínicas para crear alianza terapéutica»; consenso de 134 especialistas (PMC5966286); retirada y queja (PMC7451373).

unshown-listed = { $code }: hay un aviso que no se puede mostrar. Está en la lista: /alertas
unshown-urgent = { $code ->
    [none] Hay un aviso urgente que no se puede mostrar.
   *[known] { $code }: hay un aviso urgente que no se puede mostrar.
 } { $register ->
   *[usted] Pregunte en { voz-la-consulta } ahora.
    [tu] Pregunta en { voz-la-consulta } ahora.
    [vos] Preguntá en { voz-la-consulta } ahora.
 }
unshown = { $code ->
    [none] Hay un aviso que no se puede mostrar.
   *[known] { $code }: hay un aviso que no se puede mostrar.
 } Quien cuida del programa puede ver por qué.
concern-push = { $code }: urgente. { voz-Ha-escrito } algo que puede hablar de morir o de hacerse daño. Se le muestran los teléfonos de ayuda.
concern-push-again = { $code }: urgente, sin ver todavía (desde { $since }). { voz-Ha-escrito } algo que puede hablar de morir o de hacerse daño. Se le muestran los teléfonos de ayuda.
concern-unseen = Avisos de { $code } sin ver: { $count }.
concern-negated = La frase lleva una negación. El aviso es el mismo.
concern-second = { $code }, paciente { $de }: urgente. { voz-Ha-escrito } algo que puede hablar de morir o de hacerse daño. Se le muestran los teléfonos de ayuda.
concern-second-unseen = { $Therapist } tiene el aviso, todavía sin ver.
concern-second-unreached = El aviso no le llega { $a }.
concern-second-what = «Me hago cargo» dice a los demás que { $register ->
   *[usted] usted se ocupa de contactar, y los avisos dejan de repetirse.
    [tu] te ocupas de contactar, y los avisos dejan de repetirse.
    [vos] te ocupás de contactar, y los avisos dejan de repetirse.
 }
concern-second-again = Sin ver desde { $since }.
concern-operator-unseen = Hay un aviso urgente para { $therapist }, todavía sin ver. { $register ->
   *[usted] Avísele ahora por otro medio, por favor: tiene que abrir este chat.
    [tu] Avísale ahora por otro medio, por favor: tiene que abrir este chat.
    [vos] Avisale ahora por otro medio, por favor: tiene que abrir este chat.
 }
concern-operator-unreached = Hay un aviso urgente para { $therapist } que no le llega: este chat está bloqueado o la cuenta, cerrada. { $register ->
   *[usted] Avísele ahora por otro medio, por favor: tiene que desbloquearlo y abrirlo.
    [tu] Avísale ahora por otro medio, por favor: tiene que desbloquearlo y abrirlo.
    [vos] Avisale ahora por otro medio, por favor: tiene que desbloquearlo y abrirlo.
 }
member-unreachable = Los mensajes de este bot no le llegan { $a }: el chat está bloqueado o la cuenta, cerrada. { $register ->
   *[usted] Avísele por otro medio, por favor: tiene que desbloquearlo y abrirlo.
    [tu] Avísale por otro medio, por favor: tiene que desbloquearlo y abrirlo.
    [vos] Avisale por otro medio, por favor: tiene que desbloquearlo y abrirlo.
 }
concern-operator-seen = El aviso urgente para { $therapist } ya está visto. No hace falta más.

# Avisos a quien cuida del bot: qué pasa, qué hacer ahora y dónde se explica. Nada de nadie.
alarm-more = Más: docs/alarms.md, «{ $section }».
alarm-still = Sigue igual que en el último aviso.
alarm-silent = No me llega nada de Telegram desde { $since }: nadie recibe respuesta. { $register ->
   *[usted] Compruebe que la máquina tiene conexión y que ningún otro programa usa el mismo token.
    [tu] Comprueba que la máquina tiene conexión y que ningún otro programa usa el mismo token.
    [vos] Comprobá que la máquina tiene conexión y que ningún otro programa usa el mismo token.
 } { alarm-more }
alarm-silent-over = Vuelve a estar bien: ya llega lo que se escribe en Telegram. No llegó nada durante { $span }, desde { $since }.
alarm-refused = Telegram no acepta la conexión desde { $since }: el token ya no sirve, o falla el certificado. Nadie recibe respuesta. { $register ->
   *[usted] Compare el token con el de @BotFather y mire si la hora de la máquina es la correcta.
    [tu] Compara el token con el de @BotFather y mira si la hora de la máquina es la correcta.
    [vos] Compará el token con el de @BotFather y mirá si la hora de la máquina es la correcta.
 } { alarm-more }
alarm-refused-over = Vuelve a estar bien: Telegram acepta la conexión. No la aceptó durante { $span }, desde { $since }.
alarm-database = No puedo guardar nada desde { $since }: la base de datos no responde. Los mensajes esperan en Telegram, 24 horas como máximo. { $register ->
   *[usted] Mire si el disco está lleno o protegido contra escritura.
    [tu] Mira si el disco está lleno o protegido contra escritura.
    [vos] Mirá si el disco está lleno o protegido contra escritura.
 } { alarm-more }
alarm-database-over = Vuelve a estar bien: puedo guardar y leer todo. No pude, o no del todo, durante { $span }, desde { $since }.
alarm-damaged = Una parte de la base de datos no se puede usar desde { $since }, casi con seguridad porque el archivo está dañado. Lo que la necesita no se hace: puede que no salgan preguntas o avisos. Lo demás sigue. { $register ->
   *[usted] Restaure hoy la última copia («Restore», en docs/operations.md) y mire cómo está el disco.
    [tu] Restaura hoy la última copia («Restore», en docs/operations.md) y mira cómo está el disco.
    [vos] Restaurá hoy la última copia («Restore», en docs/operations.md) y mirá cómo está el disco.
 } { alarm-more }
alarm-unsent = { $count ->
    [one] Hay un aviso sin salir, que tenía que llegar { $since }.
   *[other] Hay { $count } avisos sin salir; el primero tenía que llegar { $since }.
 } Alguien { voz-de-la-consulta } no sabe lo que debería saber. { $register ->
   *[usted] Mire el motivo con «microchequeo status» y, si no se arregla pronto, avise { voz-a-la-consulta } por otro medio.
    [tu] Mira el motivo con «microchequeo status» y, si no se arregla pronto, avisa { voz-a-la-consulta } por otro medio.
    [vos] Mirá el motivo con «microchequeo status» y, si no se arregla pronto, avisá { voz-a-la-consulta } por otro medio.
 } { alarm-more }
alarm-unsent-over = Vuelve a estar bien: ya no queda ningún aviso sin salir.
alarm-parked = { $count ->
    [one] Hay un mensaje apartado
   *[other] Hay { $count } mensajes apartados
 } después de cinco intentos; los demás siguen su camino. { $register ->
   *[usted] Mire qué es con «microchequeo parked»; cuando la causa esté arreglada, «microchequeo parked --retry all» lo intenta otra vez.
    [tu] Mira qué es con «microchequeo parked»; cuando la causa esté arreglada, «microchequeo parked --retry all» lo intenta otra vez.
    [vos] Mirá qué es con «microchequeo parked»; cuando la causa esté arreglada, «microchequeo parked --retry all» lo intenta otra vez.
 } { alarm-more }
alarm-parked-over = Del último día ya no hay ningún mensaje apartado.
alarm-backup = La copia de seguridad falla; lo sigo intentando. { $register ->
   *[usted] Mire el motivo con «microchequeo status»: casi siempre es la carpeta o el espacio.
    [tu] Mira el motivo con «microchequeo status»: casi siempre es la carpeta o el espacio.
    [vos] Mirá el motivo con «microchequeo status»: casi siempre es la carpeta o el espacio.
 } { alarm-more }
alarm-backup-over = Vuelve a estar bien: la copia de seguridad está hecha.
alarm-chore = Una tarea de mantenimiento falla una y otra vez; lo demás sigue. { $register ->
   *[usted] Mire cuál y por qué con «microchequeo status».
    [tu] Mira cuál y por qué con «microchequeo status».
    [vos] Mirá cuál y por qué con «microchequeo status».
 } { alarm-more }
alarm-chore-over = Vuelve a estar bien: las tareas de mantenimiento se hacen.
alarm-disk = Queda poco espacio en el disco de los datos o de las copias. Si se acaba, no podré guardar lo que se conteste. { $register ->
   *[usted] Libere espacio hoy, por favor.
    [tu] Libera espacio hoy, por favor.
    [vos] Liberá espacio hoy, por favor.
 } { alarm-more }
alarm-disk-over = Vuelve a estar bien: hay espacio en el disco.

concern-seen = { $code }: palabras urgentes, vistas { $when }.
concern-seen-by = { $code }: palabras urgentes. Se hace cargo { $therapist }, desde { $when }.
concern-contacted = { $code }: palabras urgentes. Contacto anotado { $when }.
concern-contacted-by = { $code }: palabras urgentes. Contacto anotado { $when }, por { $therapist }.
concern-note-ask = { $code }: contacto anotado. Si { voz-quiere }, { $register ->
   *[usted] escriba
    [tu] escribe
    [vos] escribí
 } ahora en una línea cómo fue; se guarda cifrado, junto a sus palabras. Sin nota: /nada
concern-noted = { $code }: la nota está guardada.
concern-not-noted = { $code }: sin nota.
concern-note-title = Nota sobre el contacto:
button-concern-seen = { $region ->
   *[spain] Lo he visto
    [americas] Ya lo vi
 }
button-take-over = Me hago cargo
button-concern-contacted = { $region ->
   *[spain] He contactado
    [americas] Ya contacté
 }
abuse-told-push = { $code }: { $region ->
   *[spain] ha elegido
    [americas] eligió
 } { $register ->
   *[usted] contarle algo. Léalo en cuanto pueda.
    [tu] contarte algo. Léelo en cuanto puedas.
    [vos] contarte algo. Leelo en cuanto puedas.
 }
disclosed-push = { $code }: { $region ->
   *[spain] ha elegido
    [americas] eligió
 } contar algo a alguien { voz-de-la-consulta } que no es su terapeuta. Su terapeuta no lo sabe ni lo verá.
disclosed-push-urgent = { $code }: urgente. { $region ->
   *[spain] Ha elegido
    [americas] Eligió
 } contar algo a alguien { voz-de-la-consulta } que no es su terapeuta; habla también de morir o de hacerse daño. Su terapeuta no lo sabe ni lo verá. { $register ->
   *[usted] Léalo ahora.
    [tu] Léelo ahora.
    [vos] Leelo ahora.
 }
words-left = { $code }: { $region ->
   *[spain] ha dejado
    [americas] dejó
 } un mensaje.
button-read = Leer

## Acuerdos y notas

record-agreement = acuerdo
record-objective = microobjetivo
record-marker = marcador de seguridad
record-review = revisión de la alianza
button-record-marker = Marcador
button-record-review = Revisión
button-record-objective = Objetivo
button-write-marker = + Marcador
button-write-review = + Revisión
button-write-objective = + Objetivo
record-pick-patient = ¿De quién?
record-code-first-agreement = «{ $word }» no es el código de ningún paciente. El código va delante: /acuerdo { $code } Hoy confirmamos disparadores corporales y acordamos una pauta de sueño. La lista: /pacientes
record-code-first-note = «{ $word }» no es el código de ningún paciente. El código va delante: /nota { $code } marcador Siente un nudo en la garganta antes de callar. La lista: /pacientes
record-too-long = Es demasiado largo: caben 500 letras. No queda nada anotado; con una o dos líneas basta.
record-which-kind = { $code } · ¿qué es?
record-asked-agreement = { $code } · { voz-Escriba } ahora el acuerdo en un mensaje: pequeño, claro y revisable. Para dejarlo: /nada
record-asked-objective = { $code } · { voz-Escriba } ahora el microobjetivo en un mensaje. Para dejarlo: /nada
record-asked-marker = { $code } · { voz-Escriba } ahora el marcador de seguridad en un mensaje: una señal del cuerpo o de la conducta. Para dejarlo: /nada
record-asked-review = { $code } · { voz-Escriba } ahora la revisión de la alianza en un mensaje. Para dejarlo: /nada
record-nothing = De acuerdo: no queda nada anotado.
record-noted-agreement = { $code } · acuerdo anotado (versión { $number }):
record-noted-objective = { $code } · microobjetivo anotado:
record-noted-marker = { $code } · marcador de seguridad anotado:
record-noted-review = { $code } · revisión de la alianza anotada:
record-told = { $code } sabrá que hay un acuerdo, en unos minutos o al terminar sus horas de descanso. El texto se ve con /acuerdo.
record-struck = { $code }: deshecho. El texto está borrado.
toast-record-stays = Hace más de un día: queda en el registro.
agreement-none = { $code }: no hay ningún acuerdo ahora.
agreement-current = { $code } · acuerdo (versión { $number }, desde { $since }):
agreement-former = { $code } · acuerdos anteriores
agreement-was = Versión { $number } · del { $since } al { $until }
button-write-agreement = Anotar uno
button-revise = Revisar
button-retire = Ya no vale
button-agreement = Acuerdo
button-notes = Notas
button-alert = Ver la alerta
button-older = Anteriores
button-newer = Más recientes
notes-title = { $code } · notas
notes-none = { $code }: todavía no hay notas. Con una línea: /nota { $code } marcador Siente un nudo en la garganta antes de callar
agreement-told = { $Therapist } { $region ->
   *[spain] ha anotado
    [americas] anotó
 } un acuerdo { $register ->
   *[usted] con usted
    [tu] contigo
    [vos] con vos
 }. Para verlo: /acuerdo
agreement-yours = Acuerdo { $con }, desde { $since }:
agreement-yours-none = Por ahora no hay ningún acuerdo anotado { $con }.
agreement-yours-ends = Es un acuerdo compartido y se puede cambiar: si algo no encaja, { voz-puede } decirlo en la próxima sesión.

## Antes de la sesión

session-ahead = { $code } { voz-a-las }
before-title = { $code } · sesión, { $when }
before-urgent = Palabras urgentes, sin contacto anotado todavía.
before-episode = { $family ->
   *[fall] Caída abierta
    [slide] Descenso abierto
    [silence] Sin respuestas
 } desde el { $day }, sin hablar todavía.
before-episode-talked = { $family ->
   *[fall] Caída abierta
    [slide] Descenso abierto
    [silence] Sin respuestas
 } desde el { $day }, ya se habló.
before-alliance = Última alianza: { $mean }{ $arrow } · { $day }
before-pending = Quedó pendiente: { $score }
before-taken-up-yes = Lo pendiente de la vez anterior se retomó.
before-taken-up-no = Lo pendiente de la vez anterior no se retomó.
before-taken-up-not_needed = Lo pendiente de la vez anterior ya no hacía falta.
before-agreement = Acuerdo ({ $day }):
before-marker = Marcador de seguridad ({ $day }):
before-nothing = Todavía no hay nada que recordar.
before-breathe = Antes de empezar: dos minutos de respiración diafragmática, o un anclaje corporal.

## Terapeuta: resumen de la semana

digest-header = Semana { $week } · { $patients ->
    [one] { $patients } paciente
   *[other] { $patients } pacientes
 }, { $sessions ->
    [one] { $sessions } sesión
   *[other] { $sessions } sesiones
 }, { $answers ->
    [one] { $answers } respuesta
   *[other] { $answers } respuestas
 }
digest-empty =
    Semana { $week } · sin sesiones anotadas
    Una semana en calma: no hay respuestas que mirar. Las sesiones se anotan con /sesion
digest-attention = Mirar primero:
digest-repaired = { $count ->
    [one] Reparada:
   *[other] Reparadas:
 }
digest-look = { $code } ({ $reasons })
digest-urgent = palabras urgentes sin ver
digest-urgent-seen = palabras urgentes, sin contactar todavía
digest-what-drop = caída
digest-what-item-drop = caída en una pregunta
digest-what-slide = descenso poco a poco
digest-what-silence = silencio
digest-unseen = { $what }, aviso sin ver
digest-untalked = { $what } sin hablar todavía
digest-unrepaired = { $what } sin reparar
digest-silent = { $count ->
    [one] una sesión en silencio, tras una caída
    [2] dos sesiones en silencio
    [3] tres sesiones en silencio
   *[other] { $count } sesiones en silencio
 }
digest-pending = quedó algo pendiente el { $day }: { $score }
digest-pending-words = quedó algo pendiente el { $day }, con palabras
digest-low-start = primera respuesta baja: { $mean }
digest-talked = Hablado, todavía abierto:
digest-answering = De nuevo contesta:
digest-agreements = Acuerdos:
digest-agreement = { $code }: «{ $text }» ({ $day })
digest-ceiling = { $codes }: solo dieces en las últimas sesiones. { $register ->
   *[usted] Pida
    [tu] Pide
    [vos] Pedí
 } una crítica pequeña.
digest-back-to = { $code } volvió a { $mean }
digest-nothing = Nada que mirar primero.
digest-line = { $code } · { $mean }{ $arrow } · { $day }
digest-line-unanswered = { $code } · sin respuesta · { $day }
digest-line-declined = { $code } · prefirió no contestar · { $day }
digest-line-no-session = { $code } · no hubo sesión · { $day }
digest-line-open = { $code } · por contestar · { $day }
digest-line-stopped = { $code } · preguntas detenidas · { $day }
digest-taken-up-yes = lo pendiente se retomó
digest-taken-up-no = lo pendiente no se retomó
digest-taken-up-not_needed = lo pendiente no hacía falta
digest-with-words = con palabras
button-read-written = Leer: { $code }, { $day }
digest-counts = Contestadas: { $answered } · Prefirieron no contestar: { $declined } · Sin respuesta: { $unanswered }
digest-invited = Invitaciones todavía sin aceptar: { $count }
digest-precision = De { $closed } avisos por { $what }, { $wrong ->
    [0] ninguno se descartó.
    [one] 1 no era eso.
   *[other] { $wrong } no eran eso.
 }
button-history = Historial
digest-late = { $count ->
    [one] 1 pregunta no salió a tiempo: el bot o Telegram no funcionaban. No cuenta como silencio.
   *[other] { $count } preguntas no salieron a tiempo: el bot o Telegram no funcionaban. No cuentan como silencio.
 }
digest-unreachable = { $count ->
    [one] 1 pregunta no pudo llegar: el chat está bloqueado o la cuenta, cerrada.
   *[other] { $count } preguntas no pudieron llegar: el chat está bloqueado o la cuenta, cerrada.
 }

## Gráficos

chart-title = { $code } · alianza percibida, de 0 a 10
chart-drop = caída
chart-repaired = reparada
chart-unanswered = sin respuesta
chart-zone = { voz-aqui }, la próxima es caída
chart-week = Semana { $week }
chart-week-part = Semana { $week } · { $part } de { $parts }
chart-empty = Todavía sin respuestas

## Terapeuta: historial de un paciente

history-pick = ¿El historial de quién? También se puede escribir /historial { $code }
history-title = { $code } · { $count ->
    [one] 1 sesión preguntada
   *[other] { $count } sesiones preguntadas
 }
history-title-page = { $code } · { $count } sesiones preguntadas, de la { $first } a la { $last }
history-none = { $code }: todavía no hay sesiones preguntadas.
history-headings = Com Sen Pen Alianza
history-columns = Com: hubo comprensión · Sen: tuvo sentido · Pen: quedó pendiente (10 = mucho)
history-declined = prefirió no contestar
history-no-session = no hubo sesión
history-stopped = preguntas detenidas
history-unanswered = sin respuesta
history-open-still = por contestar
history-not-arrived = no llegó a tiempo
history-talked = { $what }, ya hablado
history-open = Abierto: { $what }
button-read-of = Leer: { $day }

## Supervisión: lectura de cada mes

supervision-title = Lectura de la alianza · { $month }
supervision-group = { $patients } pacientes de { $therapists } terapeutas, { $sessions } sesiones preguntadas
supervision-answered = Contestadas: { $count } ({ $share } %)
supervision-declined = Prefirieron no contestar: { $count } ({ $share } %)
supervision-silent = Sin respuesta: { $count } ({ $share } %)
supervision-unanswered = No contestadas, lo dijeran o no: { $count } ({ $share } %)
supervision-parts-untold = Cuántas se contestaron no se dice: sería hablar de menos de 5 pacientes.
supervision-attuned = Momentos de sintonía (9,0 o más, sin bajar): { $count } ({ $share } % de las respuestas)
supervision-attuned-untold = Momentos de sintonía: no se dice, sería hablar de menos de 5 pacientes.
supervision-dropped = Caídas y descensos: { $number }
supervision-repaired = Reparados en el mes: { $number }
supervision-unrepaired = Sin reparar: { $number }
supervision-not-that = Avisos que no eran eso: { $number }
supervision-few = en menos de 5 pacientes
supervision-until = Mediana hasta reparar: en días, { $days }; en sesiones, { $sessions }.
supervision-markers = Recursos somáticos anotados (marcadores de seguridad): { $number }
supervision-end = Son sumas del equipo, para mirar la alianza en común: sin nombres, sin códigos y sin comparar a nadie. Los pacientes de quien lee esto no se cuentan.
supervision-empty = Lectura de la alianza · { $month }: no hubo sesiones preguntadas.
supervision-too-small = Lectura de la alianza · { $month }: este mes no se muestra. Hacen falta al menos 5 pacientes de 2 terapeutas para que no hable de nadie en particular.

## Datos, baja y plazos

years = { $years ->
    [one] { $years } año
   *[other] { $years } años
 }

privacy-held =
    Qué se guarda
    · De cada paciente: un código, las sesiones anotadas, las respuestas, las palabras que escribe y quién las { voz-ha-leido }, y los acuerdos y notas de quien lleva la terapia.
    · El identificador de Telegram, cifrado. Ni nombre ni teléfono de pacientes.
privacy-where =
    Dónde
    · En { $region ->
       *[spain] un ordenador
        [americas] una computadora
    } { voz-de-la-consulta }. Las palabras se guardan cifradas, y las copias de seguridad también: duran { $days } días.
    · Los mensajes pasan por los servidores de Telegram, que no los cifra de extremo a extremo.
privacy-who =
    Quién lo ve
    · Quien lleva la terapia. Cada lectura de las palabras queda anotada.
    · Si nadie ve un aviso urgente, puede saberlo otra persona { voz-de-la-consulta }, como explica la invitación.
    · Quien cuida { $region ->
       *[spain] del ordenador
        [americas] de la computadora
    } tiene el mismo deber de secreto.
privacy-how-long =
    Cuánto tiempo
    · Las palabras, { $words }. Los números, { $scores } desde la última sesión.
privacy-rights-patient =
    Qué { $register ->
       *[usted] puede
        [tu] puedes
        [vos] podés
    } hacer
    · /misdatos · todo lo que se guarda, en un archivo
    · /pausa · no recibir preguntas
    · /baja · irse, y que se borre lo que se puede borrar
privacy-rights-therapist =
    Qué { $register ->
       *[usted] puede
        [tu] puedes
        [vos] podés
    } hacer
    · /misdatos · lo que se guarda de { $register ->
       *[usted] usted
        [tu] ti
        [vos] vos
    }
    · /exportar P-07 · pasar a la historia clínica lo de un paciente
privacy-rights-contact =
    Qué { $register ->
       *[usted] puede
        [tu] puedes
        [vos] podés
    } hacer
    · /misdatos · lo que se guarda de { $register ->
       *[usted] usted
        [tu] ti
        [vos] vos
    }
privacy-rights-stranger =
    De quien llega sin un enlace personal no se guarda nada de lo que escribe.

leave-title = Darse de baja
leave-stop = { $register ->
   *[usted] Desde ese momento no le escribiré más. Se borra su identificador de Telegram, y de este chat mis mensajes: los de las últimas 48 horas desaparecen y los anteriores se quedan en «·». Los archivos de /misdatos con más de 48 horas puede borrarlos usted.
    [tu] Desde ese momento no te escribiré más. Se borra tu identificador de Telegram, y de este chat mis mensajes: los de las últimas 48 horas desaparecen y los anteriores se quedan en «·». Los archivos de /misdatos con más de 48 horas puedes borrarlos tú.
    [vos] Desde ese momento no te escribiré más. Se borra tu identificador de Telegram, y de este chat mis mensajes: los de las últimas 48 horas desaparecen y los anteriores quedan en «·». Los archivos de /misdatos con más de 48 horas podés borrarlos vos.
 }
leave-words = { $register ->
   *[usted] Sus palabras se borran enseguida.
    [tu] Tus palabras se borran enseguida.
    [vos] Tus palabras se borran enseguida.
 }
leave-words-wait = { $register ->
   *[usted] Sus palabras se borran en { $span } a más tardar. Antes, { $therapist } puede pasarlas a su historia clínica.
    [tu] Tus palabras se borran en { $span } a más tardar. Antes, { $therapist } puede pasarlas a tu historia clínica.
    [vos] Tus palabras se borran en { $span } a más tardar. Antes, { $therapist } puede pasarlas a tu historia clínica.
 }
leave-scores = Se quedan los números, las fechas y { $register ->
   *[usted] su consentimiento, sin su nombre,
    [tu] tu consentimiento, sin tu nombre,
    [vos] tu consentimiento, sin tu nombre,
 } con el código { $code }, durante { $scores }. El motivo: { $reason }.
leave-scores-too = También se borran los números y las fechas.
leave-backups = En las copias de seguridad cifradas todo sigue { $days } días más; después tampoco está ahí.
leave-sure = Se lo diré { $a }. Esto no cambia nada en { voz-su } terapia. { $register ->
   *[usted] ¿Quiere darse de baja?
    [tu] ¿Quieres darte de baja?
    [vos] ¿Querés darte de baja?
 }
legal-reason-spain = la Ley 41/2002, art. 17.1, obliga a conservar la historia clínica al menos cinco años
legal-reason = la ley obliga a conservar la historia clínica
button-leave = Sí, darme de baja
leave-not = De acuerdo: todo sigue como estaba.
goodbye = { $register ->
   *[usted] Hecho. No le escribiré más, y mis mensajes de este chat se están borrando.
    [tu] Hecho. No te escribiré más, y mis mensajes de este chat se están borrando.
    [vos] Hecho. No te escribiré más, y mis mensajes de este chat se están borrando.
 }
goodbye-words = { $register ->
   *[usted] Sus palabras
    [tu] Tus palabras
    [vos] Tus palabras
 } { $region ->
   *[spain] se han borrado.
    [americas] se borraron.
 }
goodbye-words-wait = { $register ->
   *[usted] Sus palabras se borran { $until }, a más tardar.
    [tu] Tus palabras se borran { $until }, a más tardar.
    [vos] Tus palabras se borran { $until }, a más tardar.
 }
goodbye-scores = Los números se quedan { $scores } con el código, sin nombre.
goodbye-scores-too = Los números tampoco se quedan.
goodbye-help = { voz-si-necesita-ayuda }

own-data-text = Todo lo que se guarda sobre { $register ->
   *[usted] usted
    [tu] ti
    [vos] vos
 }, para leer. Lleva { voz-sus } palabras: { $register ->
   *[usted] guárdelo
    [tu] guárdalo
    [vos] guardalo
 } donde nadie más lo vea.
own-data-json = Lo mismo, para otro programa.

data-title = { $code } · lo que se guarda, al { $at } (hora de { $city })
data-state = Estado: { $state }, desde { $at }
data-therapist = Terapeuta: { $name }
data-settings = Idioma: { $language } · Zona horaria: { $city }
data-manner = Trato: { $manner }
data-quiet = Horas de descanso propias: { $hours }
data-minor = Menor de edad. Consentimiento de su madre, su padre o quien tiene la tutela: { $reference }
data-decisions = Consentimiento
data-decision-yes = { $at } · aceptó el texto { $version } (huella { $hash })
data-decision-no = { $at } · no aceptó el texto { $version } (huella { $hash })
data-sessions = Sesiones
data-session = { $starts } – { $ends } · { $state }
data-asked = { "  " }Preguntado: { $asked } · Contestado: { $answered }
data-check-in-planned = por preguntar
data-check-in-open = por contestar
data-check-in-done = contestada
data-check-in-declined = prefirió no contestar
data-check-in-no_session = no hubo sesión
data-check-in-stopped = preguntas detenidas
data-check-in-closed = sin respuesta
data-check-in-cancelled = retirada
data-check-in-skipped = no se preguntó
data-check-in-late = la pregunta no salió a tiempo
data-check-in-unreachable = la pregunta no pudo llegar
data-urgent-seen = { "    " }Aviso urgente, visto: { $at }
data-guesses-kept = No está en este archivo lo que { voz-su } terapeuta anotó para sí, como nota propia, antes de ver las respuestas: { $count ->
    [one] { $count } número.
   *[other] { $count } números.
 }
data-guess = { "  " }Estimación de quien lleva la terapia: { $guess }
data-pause = { "  " }Pausa de 45 segundos: { $at }
data-read = { "    " }Leído: { $at } · { $name }
data-exported = { "    " }Exportado: { $at } · { $name }
data-exported-here = { "    " }Exportado: { $at } · desde { $region ->
   *[spain] el ordenador
    [americas] la computadora
 } { voz-de-la-consulta }
data-unread = { "    " }Sin leer
data-messages-left = Mensajes dejados fuera de las preguntas
data-confided = Contado a otra persona { voz-de-la-consulta }. Quien lleva la terapia no lo ve.
data-told = { "    " }Contado a: { $name }
data-episodes = Avisos a quien lleva la terapia
data-episode = { $opened } · { $rule ->
    [item_drop] una respuesta { voz-ha-bajado }
    [slide] los números vienen bajando
    [silence] sin respuesta
   *[drop] los números bajaron
 } · { $state } · visto: { $seen } · hablado: { $talked } · cerrado: { $closed }
data-episode-note = Nota: { $note }
data-episode-noted = Con una nota de quien atiende, que no está en este archivo.
data-episode-open = abierto
data-episode-seen = visto
data-episode-talked = hablado
data-episode-repaired = reparado
data-episode-unrepaired = cerrado sin reparar
data-episode-false_alarm = no era eso
data-episode-withdrawn = retirado
data-records = Acuerdos y notas de quien lleva la terapia
data-record = { $at } · { $kind } · hasta: { $until }
data-record-reserved = { "    " }Reservada (anotación subjetiva)
data-record-struck = { "    " }Deshecho: { $at }
data-acts = Quién hizo qué
data-act = { $at } · { $name } · { $act ->
    [recorded] anotación
    [noted] anotación
    [unnoted] nota borrada
    [retired] retirada
    [struck] anotación deshecha
    [undid] anotación deshecha
    [moved] cambio de hora
    [confirmed] confirmación
    [denied] negación
    [consented] consentimiento
    [declined] prefirió que no
    [invited] invitación
    [enrolled] alta
    [ended] final
    [resumed] reanudación
    [paused] pausa
    [cancelled] anulación
    [called_off] anulación
    [missed] no vino
    [restored] sí tiene lugar
    [online] en línea
    [in_person] presencial
    [cut] falló la conexión
    [not_cut] la conexión no falló
    [seen] visto
    [saw] visto
    [talked] hablado
    [not_that] no era eso
    [said_repaired] reparada
    [read] lectura
    [exported] exportación
    [asked_data] petición de los datos
    [offered_pause] ofrecer la pausa de 45 segundos
    [offers_no_pause] no ofrecer la pausa de 45 segundos
    [left] baja
    [erased] borrado
    [told] contado
    [raised] aviso
    [contacted] contacto
    [imported] calendario leído
    [named] título asignado
   *[other] { $act }
 } · { $subject ->
    [patient] paciente
    [session] sesión
    [series] serie de sesiones
    [no_session] «no hubo sesión»
    [record] acuerdo o nota
    [episode] alerta
    [words] palabras
    [disclosure] confidencia
    [concern] aviso urgente
    [calendar] calendario
    [therapist] terapeuta
    [second_contact] segundo contacto
    [supervisor] supervisión
    [operator] técnica
   *[other] { $subject }
 }
data-rest = Mensajes de este chat que el bot recuerda, sin su contenido: { $messages } · por salir: { $waiting } · entradas anotadas para no repetirlas: { $received }
data-words-go = Las palabras se borran el { $at }, a más tardar.
data-therapist-title = { $name } · zona horaria: { $city }

patient-left = { $code } { $region ->
   *[spain] se ha dado
    [americas] se dio
 } de baja. No recibirá más preguntas, y sus palabras ya están borradas.
patient-left-export = { $code } { $region ->
   *[spain] se ha dado
    [americas] se dio
 } de baja. No recibirá más preguntas. Sus palabras se borran { $until }: si hacen falta en la historia clínica, { $register ->
   *[usted] expórtelas antes. Una hora después de exportarlas se borran; si queda un aviso urgente sin ver, cuando alguien lo haya visto.
    [tu] expórtalas antes. Una hora después de exportarlas se borran; si queda un aviso urgente sin ver, cuando alguien lo haya visto.
    [vos] exportalas antes. Una hora después de exportarlas se borran; si queda un aviso urgente sin ver, cuando alguien lo haya visto.
 }
button-export = Exportar antes de borrar
export-whom = ¿De quién? Llegan archivos con todo lo que se guarda, también sus palabras: van a la historia clínica, y después se borran de este chat.
export-more = Más pacientes, con su código: /exportar P-07
button-export-all = Todos, juntos
export-text = { $code } · para leer. Lleva sus palabras: va a la historia clínica, y después se borra de este chat.
export-json = { $code } · lo mismo, para otro programa.
export-csv = { $code } · los números, para una hoja de cálculo.
export-records = { $code } · acuerdos, microobjetivos, marcadores de seguridad y revisiones, con su texto, para una hoja de cálculo.
export-fhir = { $code } · las respuestas, para una historia clínica electrónica (FHIR R4). Lleva sus palabras.
export-all-json = Todos los pacientes · todo lo que se guarda, para otro programa. Lleva sus palabras: va a la historia clínica, y después se borra de este chat.
export-all-csv = Todos los pacientes · los números, para una hoja de cálculo.
export-all-records = Todos los pacientes · acuerdos, microobjetivos, marcadores de seguridad y revisiones, con su texto, para una hoja de cálculo.
export-all-fhir = Todos los pacientes · las respuestas, para una historia clínica electrónica (FHIR R4). Lleva sus palabras.
deletion-words = Desde { $day } { $count ->
    [one] se borrará { $count } texto de { $codes }: se cumple su plazo. Si hace falta en la historia clínica, { $register ->
       *[usted] expórtelo
        [tu] expórtalo
        [vos] exportalo
    } antes: /exportar { $code }
   *[other] se borrarán { $count } textos de { $codes }: se cumple su plazo. Si hacen falta en la historia clínica, { $register ->
       *[usted] expórtelos
        [tu] expórtalos
        [vos] exportalos
    } antes: /exportar { $code }
 }
deletion-scores = Desde { $day } se borrarán los números de { $count ->
    [one] { $codes }
   *[other] { $count } pacientes ({ $codes })
 }: se cumple su plazo. Si hacen falta en la historia clínica, { $register ->
   *[usted] expórtelos
    [tu] expórtalos
    [vos] exportalos
 } antes: /exportar { $code }
deletion-confided = Desde { $day } { $count ->
    [one] se borrará { $count } texto confiado por { $codes }: se cumple su plazo. Hasta entonces se puede leer en el mensaje con que llegó.
   *[other] se borrarán { $count } textos confiados por { $codes }: se cumple su plazo. Hasta entonces se pueden leer en los mensajes con que llegaron.
 } Este aviso no le llega a quien lleva la terapia.
guardian-asked = { $code } tiene menos de { $age } años: antes del enlace hace falta el consentimiento de su madre, su padre o quien tenga la tutela. { voz-Escriba } { voz-aqui } dónde está guardado, por ejemplo: consentimiento firmado 12/11/2026, archivo 14
guardian-too-long = Esa referencia es demasiado larga: caben 60 letras. { voz-Escriba } solo dónde está guardado.

## Terapeuta: estimación a ciegas

guess-asked-today = ¿Cómo { $register ->
   *[usted] cree
    [tu] crees
    [vos] creés
 } que lo vivió { $code } hoy?
guess-asked = Sesión del { $day } con { $code }: ¿cómo { $register ->
   *[usted] cree
    [tu] crees
    [vos] creés
 } que la vivió?
guess-anchors = Comprensión y sentido, juntos: 0 = nada · 10 = del todo
guess-before = Antes de ver la puntuación de { $code }, { $day }: ¿cómo { $register ->
   *[usted] cree
    [tu] crees
    [vos] creés
 } que lo vivió?
guess-noted = { $code } · { $day }: estimación anotada, { $guess }.
guess-mend = Mientras no se vea la puntuación, se puede cambiar con otro número.
guess-skipped = { $code } · { $day }: sin estimación.
guess-seen = { $code } · { $day }: la puntuación ya está vista; la estimación no hace falta.
guess-over = { $code } · { $day }: ya no hace falta la estimación.
guess-score = { $code } · { $day }: { $mean }
guess-compared = { $code } · { $day }: { $mean }. La estimación fue { $guess }.
guess-gap = { $register ->
   *[usted] usted estima
    [tu] estimas
    [vos] estimás
 } { $direction ->
    [higher] { $points } más alto
    [lower] { $points } más bajo
   *[close] cerca
 }, en promedio ({ $count } sesiones)
button-see-now = Prefiero verla ya
button-guess = Estimar la sesión
button-guess-line = Estimar: { $code }, { $day }
digest-line-to-guess = { $code } · por estimar · { $day }
digest-gaps = Estimaciones a ciegas:
digest-gap = { $code } · { $gap }

## Terapeuta: página de un paciente

patient-line-to-guess = { $code } · { $state } · por estimar
patient-page-last = Última alianza: { $mean } ({ $day })
patient-page-to-guess = Última alianza: por estimar.
patient-page-no-answer = Última alianza: todavía sin respuestas.
patient-page-gap = Estimaciones a ciegas: { $gap }.
patient-page-pause-on = Pausa de 45 segundos: se ofrece.
patient-page-pause-off = Pausa de 45 segundos: no se ofrece.
patient-page-pause = Es un botón al final de las preguntas cuando una de las dos primeras queda en 4 o menos: pies en el suelo, mirar, escuchar, respirar despacio. Usarlo o no es cosa de cada paciente, y no llega ningún aviso.
button-offer-pause = Ofrecer la pausa
button-no-pause = No ofrecer la pausa
button-page-before = Anteriores
button-page-after = Siguientes

## Pausa de 45 segundos

pause-offered = Si { voz-quiere } parar un momento, { voz-aqui } hay una pausa de 45 segundos. Si no, no hace falta tocar nada.
button-pause = Una pausa de 45 segundos
pause-step = { $place } de { $places } · { $step }
pause-step-1 = { $register ->
   *[usted] Apoye los pies en el suelo y note dónde tocan.
    [tu] Apoya los pies en el suelo y nota dónde tocan.
    [vos] Apoyá los pies en el suelo y notá dónde tocan.
 }
pause-step-2 = { $register ->
   *[usted] Mire alrededor, sin prisa. Elija tres cosas que vea.
    [tu] Mira alrededor, sin prisa. Elige tres cosas que veas.
    [vos] Mirá alrededor, sin prisa. Elegí tres cosas que veas.
 }
pause-step-3 = { $register ->
   *[usted] Escuche un sonido cercano y otro que venga de lejos.
    [tu] Escucha un sonido cercano y otro que venga de lejos.
    [vos] Escuchá un sonido cercano y otro que venga de lejos.
 }
pause-step-4 = { $register ->
   *[usted] Suelte
    [tu] Suelta
    [vos] Soltá
 } el aire despacio, como quien empaña un { $region ->
   *[spain] cristal
    [americas] vidrio
 }.
pause-step-5 = { $register ->
   *[usted] Deje que el aire entre solo, y suéltelo otra vez despacio.
    [tu] Deja que el aire entre solo, y suéltalo otra vez despacio.
    [vos] Dejá que el aire entre solo, y soltalo otra vez despacio.
 }
button-stop-pause = Parar
pause-done = Listo. { $register ->
   *[usted] Puede quedarse un momento más o cerrar el chat.
    [tu] Puedes quedarte un momento más o cerrar el chat.
    [vos] Podés quedarte un momento más o cerrar el chat.
 } { voz-si-necesita-ayuda }
pause-stopped = De acuerdo, hasta { voz-aqui }. { $register ->
   *[usted] Puede quedarse un momento más o cerrar el chat.
    [tu] Puedes quedarte un momento más o cerrar el chat.
    [vos] Podés quedarte un momento más o cerrar el chat.
 } { voz-si-necesita-ayuda }
