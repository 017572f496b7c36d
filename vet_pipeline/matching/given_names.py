"""Given names that `nicknames` doesn't know: names in common use, and spellings of one name.

Two names that are both known and no forms of each other are two people, however alike: Mary and
Mark, Daniel and Danielle. A name that isn't known may be a slip: Jonh. Slips don't belong here.
"""

from __future__ import annotations

#: Spellings of one name that no rule for spelling sees; groups stand between commas.
SPELLINGS = """
aaliyah aliyah, aidan aiden, alan alen, alexandra alexandria, bridget brigitte, brent brett, britney brittany brittney,
caitlin kaitlin kaitlyn katelyn, candace candice, carrie kari keri kerry,
catharine catherine cathryn katharine katherine kathrine kathryn, cheryl sheryl, connor conner,
darrell darryl daryl, debora deborah debra, derek derrick, elena helena,
frederick fredrick, gail gale gayle, geoffrey jeffery jeffrey, gerald jerald, helen helene,
isabel isabella isabelle, jaxon jackson, jasmine yasmin, jean jeanne, jeanette janette,
joann joanne, julianne juliann, karen karin, kristen kristin, laurence lawrence, lea leah leia,
lyn lynn lynne, madeleine madeline madelyn, meagan megan meghan, michael micheal,
mohamed mohammed muhammad, neal neil, sean shaun shawn, shari sheri sherri sherry,
sonia sonja sonya, stefan stephan stephen steven, stewart stuart, terence terrance terrence,
vivian vivien, zachary zachery, zoe zoey
"""

#: Pairs that `nicknames` takes for forms of one name, but that may be two people of one house.
OFTEN_TWO = """
amelia emily, amy emily, andrea andrew, anna hannah, ashley leah, bobby roger, emily emma,
fred robert, gary jerry, jack jacqueline, jane jean, julia julie, laura lawrence, maria marie,
maria mary, marie mary, marilyn mary, patrick peter, paul polly, paula polly
"""

#: Names of either sex beside those that `nicknames` and SPELLINGS know.
MORE_NAMES = """
adam adolfo ahmad ahmed aisha alaina alana alberto alejandra alejandro alexa alfonso alfredo
alina alisa alphonse alton alvin amber amir amit anand andreas andres angeline anil anita
annabel annabelle antoine april aria ariana arianna ariel ariella arjun armando arturo asher
audra aurora autumn ava axel bailey barry beatriz bennett bernice bethany bianca blaine blair
blake blanca bonnie boyd brandon braxton brayden braylon brendan brenden bret brooke brooklyn
bruce byron caden camila cara carey cari carissa carlo carlos carmela carmen carroll carter cary
catalina cecil cesar chad chantel charlene chase chelsea christi christie ciara clark claude
clay clayton cleveland clint clinton clyde cody colby coleen colin colleen collin consuelo craig
cristal cristina cruz dale dallas damian damien damon dana daniela dante darin darius darla
darnell darren davis dawn dean deana deanna declan deepak deirdre demetrius denis denise dereck
desiree desmond devin devon dewey dexter dianna diego dirk dixie dmitri dolores domingo
dominique doreen duane dustin dwayne dwight dylan earl earlene easton eldon eliana elliot
elliott ellis elmer elsa elton emery emilia emilio emmett enrique erich erik erma ernesto ervin
esmeralda esperanza esteban ethan ethel eugenia everett everly fannie fatima fatma faye felipe
fern fernando forrest foster francisco gabriela garth gavin genesis geneva georgina gianna gino
gita gladys glenda gordon grace graciela grady graham grant grayson guadalupe guy gwyn hans
harlan harley harper harris harvey hassan hayden hazel hector heinz hilda hiroshi hobert holly
homer hope hudson hugo hunter ibrahim ida igor ilene imogene ingrid ira iris irma isidro isla
ivana jacinta jacquelyn jaime jamal jami jamison jana janelle janine janna jared jarrod jarvis
jason javier jayden jayne jeannine jena jenifer jenna jeri jermaine jerome jerri jesse jesus
jewel jin jing jocelyn joel joelle johnnie jonas joni jordan jorge jose josef josefina josue
juan juana juliana juliet juliette julio jun justine kaden kai kamal kareem karina karl kathlene
katrina kavita keenan keith kelsey kelvin kennedy kermit khalid kinsley kip kirk kirsten krista
kristi kristina krystal kumar kurt kwame kyle lacey lakshmi lamar lana lance landon lane lars
latasha latoya layla leann leigh leila lela leland leona leticia liam lillie lin ling logan lora
lorena lorene lourdes lowell luca lucile luis luisa luna lupe luz lyla lyle lynda mable mallory
marcel marcella marco marcos marcy margot mariana marianne maribel maricela marina mario marisa
marla marlene marlin marlon marshall marta maryann marybeth mason mateo maya mckenzie mei
meredith merle merlin mia mila miles milton min ming misty moe mohan monique morgan murray
mustafa myrna myron nadia nevaeh nguyen nikita nikolai nina nolan noreen norma norris nova olga
omar opal oren orville oscar otto owen pablo page paige paisley pansy parker pasquale patricio
pearl pedro petra phyllis pierre pilar piper preston priya quentin quincy quinn quinton rae
rafael rahul raj rajesh ramiro ramon randal randell raquel raul ravi rebeca reed renee rex
rhonda riley robin robyn rocco rochelle rocio rocky rodrigo rolando roman ronda roosevelt rory
rosalie rosanne rosario roslyn rowan rowena royce ruben ruby rufus russel ruth sallie sanjay
santiago sasha sawyer scarlett selena serenity sergei sergio seth shana shane shanna shannon
sharlene shauna shawna shayne shelby shelia sherman sherwood sierra silvia simone skylar sofia
spencer stan stanley stefanie sterling summer sunil suresh susana susanne suzette svetlana
sylvia tabatha tad tamara tameka tamika tamra tania tanisha tanya tara tariq tatiana taylor tera
terrell thelma tia tod todd tomas tomasz toni tonya tracey travis trent trenton trevor trey
tristan troy tyler tyrell tyrone tyson ulysses vance vaughn velma vera vern vikram violet virgil
vito vonda wade walton wanda ward warren wayne wei wendell weston wilbert willa willard willow
winfred winston wyatt xavier xin yan yesenia yolanda yuki yusuf yvette zane zelda zhang zion
"""
