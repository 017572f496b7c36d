"""Given names that `nicknames` doesn't know as one or as two: spellings, short forms, pairs.

Two names that are both known and no forms of each other are two people, however alike: Mary and
Mark, Daniel and Danielle. A name that isn't known may be a slip: Jonh. Slips don't belong here.
"""

from __future__ import annotations

#: Spellings of one name that no rule for spelling sees; groups stand between commas.
SPELLINGS = """
aaliyah aliyah, aidan aiden, alan alen, alexandra alexandria, bridget bridgett bridgette brigitte,
brent brett, britney brittany brittney, caitlin kaitlin kaitlyn katelyn, candace candice,
carrie kari keri kerry,
catharine catherine cathryn katharine katherine kathrine kathryn, cheryl sheryl, connor conner,
darrel darrell darryl daryl, debora deborah debra, derek derrick, elena helena,
frederic frederick fredrick, gail gale gayle, geoffrey jeffery jeffrey, gerald jerald, helen helene,
isabel isabell isabella isabelle, jaxon jackson, jasmine jasmin yasmin, jean jeanne, jeanette janette,
joann joanne, julianne juliann, caryn karen karin karyn, kristen kristin, laurence lawrence, lea leah leia,
lyn lynn lynne, madeleine madeline madelyn, meagan megan meghan, michael micheal,
neal neil, sean shaun shawn, shari sheree sheri sherri sherry,
sonia sonja sonya, stefan stephan stephen steven, stewart stuart, terence terrance terrence,
kirsten kirstin, patrice patricia, theresa therese, vivian vivien, zachary zachery, zoe zoey zoie,
ahmad ahmed ahmet, aisha aysha ayesha, amina ameena aminah, fatima fatimah fatema,
farouk farooq farouq, hasan hassan, husain hussain hussein husayn hossein,
ibrahim ebrahim, jamal gamal, karim kareem, khaled khalid, khadija khadijah,
laila layla leila leyla, mahmoud mahmud mahmood, mariam maryam miriam,
mohamed mohammed mohammad muhammad mohamad muhammed mohd, mustafa mustapha moustafa, nour noor nur,
omar umar omer, osama usama,
said saeed, salim saleem, sulaiman suleiman soliman, tarek tariq tareq, uthman usman othman osman,
walid waleed,
yasir yasser, yasmin yasmeen yasmine, yousef yusuf youssef yousuf, zainab zaynab zeinab,
deepak dipak, deepika dipika, geeta gita, meena mina, neela nila, preeti priti, pooja puja,
rajeev rajiv, reena rina, sandeep sandip, sanjeev sanjiv,
makayla mckayla mikayla, cameron camryn kamryn, jordan jordyn, jalen jaylen jaylin, branden brandon,
christian kristian, jeong jung, hyeon hyun, joon jun, seong sung,
aleksandr aleksander alexandr alexander oleksandr, aleksandra alexandra oleksandra,
aleksei aleksey alexei alexey,
sergei sergey serhiy, evgeni evgeny yevgeni yevgeny yevgeniy, elena yelena olena,
ksenia kseniya xenia,
julia yulia yuliya, juliana yuliana, jaroslav yaroslav, jaroslava yaroslava,
 mikhail michail mykhailo, tatiana tatyana tetiana, vasily vasiliy vasyl,
lakshmi laxmi, igor ihor, oleg oleh, liudmila ludmila lyudmila, georgios giorgos yiorgos,
alfonso alfonzo alphonso, allison alison alyson allyson, alice alyce, alissa alyssa, cecelia cecilia,
celina selena selina, christal chrystal crystal kristal krystal krystle, deidra deidre deirdre,
denice denise, dewayne duane dwain dwayne, eleanor eleanore elenor elinor, emile emil, frieda freida,
harriet harriett harriette, janell janelle, janine jeanine jeannine, lakeisha lakesha lakisha,
lauretta loretta, lavern laverne, leann leanne leeann, maureen maurine, roderick rodrick,
adrianne adrienne, annemarie annmarie, carleen carlene, charleen charlene, daren darin darren darrin,
herschel hershel, lenora lenore, louella luella, margery marjorie marjory, mariann marianne maryann
maryanne, michele michell michelle, rosanna roseanna
"""

#: Short forms that the book lacks, of people alone (Charlie and Charlotte, Lily and Lillian are two
#: pets); groups stand between commas, the whole name first. No translations: Juan's son is John. No
#: form that is the husband's as well as the wife's: Charlie (Charles and Charlotte), Alex and Ale
#: (Alejandro and Alejandra).
SHORT_FORMS = """
adeline addie, alejandra ale, alejandro alex, alexander xander, alexandra lexi lexie,
alexandria lexi lexie,
alexis lexie, allison alli, alyssa aly, antoinette toni, barbara barb, benjamin benji,
bernadette bernie, bethany beth,
caitlin katie, camille cami, cassandra cass, catherine catie katie, charlene char,
charles chip,
cheryl cheri, christopher topher, clayton clay, clinton clint, daniela dani, desmond des,
dexter dex, emmanuel manny,
evelyn evie, francesca fran, gabriela gabby, genevieve gen, gordon gordy, gregory gregg,
harvey harv, isabel izzy,
isabella izzy, isabelle izzy, jenifer jen jenny, jeremy jerry, jerome jerry, johnathan johnny,
jordan jordy, kaitlin katie,
kaitlyn katie, katelyn katie, katharine katie, katherine katie, kathleen kath katie, kathryn katie,
katrina kat trina,
kimberly kimmie kimmy, kristen kris, kristin kris, kristina tina, lillian lily lilly, lincoln linc,
loretta lori,
lorraine lori, mackenzie kenzie, madeleine maddie maddy, madelyn maddie maddy, madison maddie maddy,
makenzie kenzie,
marcia marcy, marjorie marge, mckenzie kenzie, melanie mel, meredith mere, mildred millie,
milton milt, natalie nat,
olivia liv, preston pres, quentin quent, robert robbie, roland rollie, rosalind roz, rosemary rosie,
roxanne roxy,
salvatore sal, sandra sandi, savannah savvy, sherman sherm, stanley stan, stewart stu, susan suzy,
susanna sue,
suzanne suzie suzy, sydney syd, sylvia syl, teresa teri terri, terrance terry, terrence terry,
thaddeus tad,
theresa teri terri, trevor trev, tyler ty, tyrone ty, vernon vern, veronica roni, whitney whit,
winston win, yvonne vonnie,
maria ma, arthur art artie arty, carlos carlitos, catherine cat cate, consuelo connie,
francisco cisco, isabel isa,
katherine kat kitty, kathryn kat kitty, maria mari, olivia livvie livvy, samantha sammie,
adrianne adri, alyson aly ally, annemarie ann anne, annmarie ann, antony tony, barton bart,
beverley bev, brenton brent, bridgette bridie, burton burt, camilla cam cami, casandra cass cassie,
catrina kat trina, cecelia celia cissy, chadwick chad, charleen char, charmaine char, christal
crys, christen chris kris, coleman cole, concetta connie, daniele dani, delmar del, elinor ellie
nell nelly nora, emilie em, frederic fred freddie freddy, georgette georgie, harriett hattie,
harriette hattie, isabell belle izzy, jacklyn jackie, jaclyn jackie, jaqueline jackie, jeanine
jean, jeannette jean jeannie, johnie john, josephina fina jo josie, katherine kathi kathie,
kathleen kathi kathie, kathryn kathi kathie, kimberlee kim kimmie, kristina kristie, kristine
kristie, kurtis curt kurt, lauretta etta, loraine lori, louella ella lou, lucien luc, lynette lyn
lynn, lynnette lyn lynn, maryanne mary, maryellen mary, maryjane mary, marylou mary, melisa mel
missy, mellissa mel missy, melodie mel, michele chelle shelly, michell chelle shelly, mitchel
mitch, morton mort, nickolas nick nickie nicky nico, pearline pearl, pricilla cilla, raymundo ray,
reinaldo rey, rodrick rod roddy, rosalee rose rosie, rosanna rose rosie, rosella rose rosie, ruthie
ruth, sammie sam, shayla shay, suzan sue susie suzy, teresita tere, tiffani tiff, tommie tom, tonia
toni, valencia val, vernell vern, virginia virgie, wilford will, wiley will, winona winnie,
zackary zach zack,
alberto beto, antonio tono, beatriz betty bety, carolina caro, catalina cata, concepcion concha,
consuelo chelo,
cristina cris, dolores lola, eduardo lalo, elizabeth bety, enrique kike quique, ernesto neto,
fernando nando,
francisco paco pancho, gerardo lalo, gilberto beto, graciela chela, guadalupe lupe lupita,
guillermo memo, gustavo gus,
humberto beto, ignacio nacho, isabel chabela, javier javi, jesus chuy, jose pepe, josefina fina,
leticia letty lety,
lorenzo lencho, luis lucho, maximiliano max, mercedes meche, patricia paty, rafael rafa,
roberto beto, rodolfo fito rudy,
rosario charo, salvador chava, sergio checo, socorro coco, soledad chole, susana susy, teresa tere,
trinidad trini,
veronica vero, vicente chente, yolanda yoli
"""

#: How a name is written shorter than it is said, behind it: Wm Bell is Bill, as William is.
ABBREVIATIONS = """
benjamin benj, charles chas, daniel danl, edward edw, elizabeth eliz, george geo, james jas, john jno,
robert robt, samuel saml, thomas thos, william wm, francisco fco, guadalupe gpe,
mohammed md, mohammad md
"""

#: Pairs that the rules of `spellings` take for one name, and that are two: of siblings, couples,
#: parent and child. Then a man's and a woman's that the book of nicknames takes for forms of one: the
#: couple has house, number and dog in common.
TWO_NAMES = """
carly charlee, carly charley, carly charli, carly charlie, cary carrie, cari cary, cass chas,
celia shelia, kailani kalani,
caitlin cathleen, caitlyn cathleen, kaitlin kathleen, kaitlyn kathleen, kaitlynn kathleen,
kait keith, kath keith,
colin colleen, coleen colin, coleen collin, colleen collin, eddie edie, eddy edie, eli ellie,
joey joy, lea lee,
joan johan, joan johann, joann johan, joann johann, julian juliann, sara zara, sarah zara,
bobbi bobby, bobbie bobby, dani danny, jeri jerry, johnnie joni, johnny joni, johny joni,
joni jonnie, joni jonny,
mani manny, ricki ricky, ricki rickie, roni ronnie, roni ronny, sami sammy, toni tony,
hailey hallie, haley hallie, haylee hallie, hayley hallie, kailey kallie, kaley kallie,
kaylee kallie, kayleigh kallie,
an anh, bin binh, canh chan, canh chanh, chan chanh, chanh khanh, cao chao, chang khang,
chien chinh, chuong cuong,
dan danh, han hanh, hui huy, ji jie, kai khai, kang khang, kian qian, king qing, lan lanh, lien lin,
lien linh,
lieu liu, lin linh, lu luu, man manh, min minh, nan nhan, shen zhen, sheng zheng, shun sun,
tai thai, tam tham,
tan than, tan thanh, tao thao, than thanh, thien thinh, thien tien, thinh tien, thinh tin,
thinh tinh, thuan tuan,
thuong tuong, thuyen tuyen, tien tin, tien tinh, tin tinh, zeng zheng,
jieun jihyun, jihoon jihyun, chetan ketan, aman ayman, amar ammar, maha maya, nasir nazir,
rahma rama, saad said,
seohyeon seoyeon, zahra zara,
aaron erin, andrea andrew, andrea andy, angela angelo, ben jamie, benjamin jamie, bennie jamie,
benny jamie, bert bertha, bert roberta, charlotte chuck, chris crystal, clare clarence, cole
nicole, dina jerry, emil emily, erica freddy, erica frederick, erica rickey, erika frederick,
erika rickey, erin ron, erin ronnie, ernest ernestine, felicia felix, fred frieda, fred winnie,
jack jacqueline, james jamie, jamie jim, jamie jimmie, jamie jimmy, joey josephine, justin
justina, laura lawrence, laverne vernon, leah lee, lee lenora, lee nora, lee sherry, lee shirley,
lewis louise, linda mel, lisa mel, louie louise, louis louise, amy mel, mandy randy, miranda
randy, myra sam, pat peter, patrick patsy, paul polly, sally salvador, shelly tony, terry traci,
terry tracie, terry tracy, verna vernon, vickie victor, vicky victor, wilda willie, wilhelmina
willie, william wilma, mina willie
"""

#: Pairs that `nicknames` takes for forms of one name, but that may be two people of one house.
OFTEN_TWO = """
alberto beto, alejandro alex, bernadette bernie, beto gilberto, beto humberto, beto roberto,
charles chip, cris cristina, dani daniela, dolores lola, eduardo lalo, ernesto neto, fran francesca,
gerardo lalo, guadalupe lupita, jeremy jerry, joan joann, johnathan johnny, kris kristen,
kris kristin, lillian lilly, lillian lily, max maximiliano, mel melanie, nat natalie, robbie robert,
terrance terry, terrence terry
"""

#: Pairs that it takes for forms of one name, too, and that are seldom one person's: of one house
#: they are man and wife, or brothers and sisters.
SELDOM_ONE = """
alice lisa, amelia emily, amy emily, ann nancy, anna hannah, ashley leah, bill fred, bill robert,
billy fred, billy robert, bobby roger, carl charles, catherine lena, claire clara, eleanor helena,
ella ellen, ella helen, ellen helen, emily emma, fred robert, fred william, gary jerry, hannah
susan, jane jean, jane virginia, joe joshua, julia julie, maria marie, maria mary, maria molly,
maria polly, marie mary, marilyn mary, mary polly, mattie patty, molly polly, patrick peter, paula
polly, rosa rose, sadie sally, sally sara, sally sarah
"""
