"""Given names that `nicknames` doesn't know: names in common use, and spellings of one name.

Two names that are both known and no forms of each other are two people, however alike: Mary and
Mark, Daniel and Danielle. A name that isn't known may be a slip: Jonh. Slips don't belong here.
"""

from __future__ import annotations

#: Spellings of one name that no rule for spelling sees; groups stand between commas.
SPELLINGS = """
aaliyah aliyah, aidan aiden, alan alen, alexandra alexandria, bridget brigitte,
brent brett, britney brittany brittney, caitlin kaitlin kaitlyn katelyn, candace candice, carrie kari keri kerry,
catharine catherine cathryn katharine katherine kathrine kathryn, cheryl sheryl, connor conner,
darrell darryl daryl, debora deborah debra, derek derrick, elena helena,
frederick fredrick, gail gale gayle, geoffrey jeffery jeffrey, gerald jerald, helen helene,
isabel isabella isabelle, jaxon jackson, jasmine yasmin, jean jeanne, jeanette janette,
joann joanne, julianne juliann, karen karin, kristen kristin, laurence lawrence, lea leah leia,
lyn lynn lynne, madeleine madeline madelyn, meagan megan meghan, michael micheal,
mohamed mohammed muhammad, neal neil, sean shaun shawn, shari sheri sherri sherry,
sonia sonja sonya, stefan stephan stephen steven, stewart stuart, terence terrance terrence,
kirsten kirstin, patrice patricia, theresa therese, vivian vivien, zachary zachery, zoe zoey
"""

#: Pairs that `nicknames` takes for forms of one name, but that may be two people of one house.
OFTEN_TWO = """
aaron erin, amelia emily, amy emily, andrea andrew, anna hannah, ashley leah, bobby roger,
emily emma, fred robert, gary jerry, jack jacqueline, jane jean, joan joann, julia julie,
laura lawrence, louis louise, maria marie, maria mary, marie mary, marilyn mary, patrick peter,
paul polly, paula polly
"""

#: Names of either sex beside those that `nicknames` and SPELLINGS know.
MORE_NAMES = """
adam adolfo ahmad ahmed aisha alaina alana alberto alejandra alejandro alexa alfonso alfredo
alina alisa alphonse alton alvin amber amir amit anand andreas andres angeline anil anita
annabel annabelle antoine april aria ariana arianna ariel ariella arjun armando arturo asher
audra aurora autumn ava axel bailey barry beatriz bennett bernice bethany bianca blaine blair
blake blanca bobbi bonnie boyd brandon braxton brayden braylon brendan brenden bret brianne
brooke brooklyn bruce byron caden camila cara carey cari carissa carlo carlos carmela carmen
carroll carter cary catalina cecil cesar chad chantel charlene chase chelsea christi christie
ciara clark claude clay clayton cleveland clint clinton clyde cody colby coleen colin colleen
collin consuelo corina craig cristal cristina cruz dale dallas damian damien damon dana danica
daniela daniella danilo dante daria darin darius darla darnell darren davis dawn dean deana
deanna declan deepak deirdre demetrius denis denise dereck desiree desmond devin devon dewey
dexter dianna diego dirk dixie dmitri dolores domingo dominique doreen duane dustin dwayne
dwight dylan earl earlene easton eldon elia eliana elin elina elisabeth elise elle elliot
elliott ellis elmer elsa elton emery emilia emilio emmett enrique erich erik eriko erma
ernestina ernesto ervin esmeralda esperanza esteban ethan ethel eugenia everett everly fannie
fatima fatma faye felipe fern fernando filomena flavia forrest foster francisco gabriela garth
gavin genesis geneva georgina gerardo gerda germaine gianna gino gita gladys glenda gordon grace
graciela grady graham grant grayson guadalupe guy gwyn hans harlan harley harper harris harvey
hassan hayden hazel hector heinz henrik henrike hilda hiroshi hobert holly homer hope hudson
hugo hunter ibrahim ida igor ilene ilona imogene inga ingrid ira iris irma isidro isla ivana
jacinta jacquelyn jaime jamal jami jamison jana janelle janine janna jared jarrod jarvis jason
javier jayden jayne jeannine jena jenifer jenna jeri jermaine jerome jerri jesse jesus jewel jin
jing jocelyn joel joelle johan johnnie jolene jolie jona jonah jonas joni jordan jorge jose
josef josefina josue juan juana juliana juliet juliette julio jun justine kaden kai kaley kamal
kareem karina karl karlo kathlene katrina kavita keenan keira keith kelsey kelvin kennedy kermit
khalid kiera kinsley kip kirk kirsten kirstin krista kristi kristina krystal kumar kurt kwame
kyle lacey lakshmi lamar lana lance landon lane larissa lars latasha latoya layla leann leanna
leigh leila lela leland leona lesa leticia liam liane lillie lin ling linnea lisette logan lora
lorena lorene lorna lourdes lowell luann luca luciana lucie lucile luis luisa luna lupe luz lyla
lyle lynda mable mallory mara marcel marcela marcella marco marcos marcy marek margot mariana
mariann marianne mariano maribel maricela marielle marika marina mario marisa marisol marit
marius marko marla marlene marlin marlon marshall marta maryann marybeth mason mateo maura maya
mayra mckenzie mei melina meredith merle merlin mia michaela mila miles milton min ming misty
moe mohan monique morgan murray mustafa myrna myron nadia nelda nella nena nevaeh nguyen nikita
nikolai nilda nina noelle nola nolan noreen norma norris nova odette olga olivier omar opal oren
orville oscar otto owen pablo page paige paisley pansy paola parker pasquale patrice patricio
paulo pearl pedro perla petra petula philippa phyllis pierre pilar piper preston priya quentin
quincy quinn quinton rae rafael rahul raj rajesh ramiro ramon randal randell raquel raul ravi
raymonde rebeca reed renata renee rex rhonda ricki riley robin robyn rocco rochelle rocio rocky
rodrigo rolando roman rona ronda roosevelt rory rosalia rosalie rosanne rosario rosetta rosita
roslyn rowan rowena royce ruben ruby rufus russel ruth sallie sandro sanjay santa santiago sasha
sawyer scarlett selena serenity sergei sergio seth shana shane shanna shannon sharlene shauna
shawna shayne shelby shelia sherman sherwood sierra silvana silvia simone skylar sofia spencer
stan stanley stefanie sterling summer sunil suresh susana susanne suzanna suzette suzy svetlana
sylvia tabatha tad tamara tameka tamika tamra tania tanisha tanya tara tariq tatiana taylor tera
terrell thea thelma therese thomasina tia tod todd tomas tomasz toni tonya tracey travis trent
trenton trevor trey trista tristan troy tyler tyrell tyrone tyson ulysses valentin valeria vance
vaughn velma vera verena vern vikram vilma violet virgil vito vonda wade walton wanda ward
warren wayne wei wendell wendi weston wilbert willa willard willow winfred winston wyatt xavier
xin yan yesenia yolanda yolande yuki yusuf yvette zane zara zelda zelma zhang zion
"""
