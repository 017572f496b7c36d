"""Given names in common use that the book of nicknames lacks; given_names.py has their forms."""

#: Names of either sex beside those that `nicknames` and SPELLINGS know.
MORE_NAMES = """
aaden aarav aarti abbas abdi abdikadir abdikarim abdirahim abdirahman abdul abdulkarim abdullah
abdullahi abdulrahim abdulrahman abeba abebe abel abelardo abena abera abhay abhijit abhishek
abraham abram adalberto adalyn adam adarsh addison adebayo adebola adel adela adelina adelyn aditi
aditya adnan adolfa adolfo adriana adrianna adrianne adriano adwoa afaf afia afua agustin agustina
ahlam ahmad ahmed ai aida aiden aimee aisha ajay ajit akash akhil akiko akio akosua akram akshay
akua alaa alaia alaina alana alayna alberto aldo aleah alejandra alejandro alemu aletha alexa
alexia alexis alfonso alfonzo alfredo alicia alina alisa alisha alissa alivia aliya alka alma almaz
alok alondra alonso alphonse alphonso alta alton alva alvaro alvin alvina alyce alyson ama amal
amalia aman amanda amar amari amaya amber america amin amina amir amira amit amita amitabh amiyah
ammar amol amparo amrita an anabel analyn anand anant ananya anas anaya anderson andre andreas
andres angelica angeline angelita angelo anh aniket anil anish anita aniya aniyah anjali anjana
anju ankit ankita ankur annabel annabelle annalise annemarie annika annmarie anselmo antoine anton
antonia antonio antony antwan anuj anupam anuradha anusha anwar aparna apolonia april araceli
arcelia archana aretha aria ariana arianna ariel ariella ariyah arjun arman armand armanda armando
armen armine arnel arnulfo arpine artemio arturo arun aruna arvind arwa asad asefa asha asher
ashish ashlee ashleigh ashok ashwin asia asim asma asmaa aspen assefa athanasia athanasios athena
atul aubree aubrey audra august aung aurel aurelia aurelio aurora autumn ava avery avinash avis
axel ayden ayla ayman aysel aysun aziz aziza azucena babajide babatunde babita badr bai bailey bala
balakrishnan balbir baldev balwinder bao barry bartolo barton baruch bashir basma beatriz beau
beckett behnaz behrouz bekele belay belen belva benita benito bennett bentley berhane bernadine
bernarda bernardo bernice berta beryl bethany bettie bettina beulah beverley bharat bharati bhavesh
bhavna bhupinder bianca bich bilal billie bin bina bindu bing binh bjarne bjorn blaine blair blake
blakely blanca blas bo bobbi bogdan bohdan bohdana bonita bonnie booker bora boris bouakham
bounkham boyd bracha braden brady braeden brandee branden brandi brandie brandon brantley braxton
brayan brayden braylon breanna brenda brendan brenden brenton bret briana brianna brianne bridgett
bridgette brock brooke brooklyn brooks bruce bruno bryan bryant bryce brynlee brynn buddy buford
burton bushra buu byron byung caden cadence cai caiden cali calixto callie cam cambria camden
cameron camila camilla camryn candida canh cannon cao cara carey cari caridad carissa carlee
carleen carlene carley carlo carlos carlota carly carmela carmelita carmella carmelo carmen carmine
carolina carroll carson carter cary caryn casandra cash casimiro cassidy catalina catrina cayden
cecelia cecil cecile cecilia cecilio celeste celestine celia celina celso cesar chacko chad
chadwick chaim chan chana chance chandler chandra chang chanh channary chantel chantrea chao
charise charla charlee charleen charlene charley charli charmaine chase chasity chau chaya chea
chelsea chen cheng cherian chetan chi chidi chidiebere chidinma chien chinedu chinelo chinh chinwe
chioma chirag chong chris christa christal christen christi christie christos chrysa chrystal
chukwuebuka chukwuemeka chul chun chuong ciara cindi clara clare clarice clark claude claudette
claudia claudine claudio clay clayton clemente cleo cleveland clint clinton clyde cody colby cole
coleen coleman colette colin colleen collin colt colton concepcion concetta cong conor consuelo
corbin corina corine cornel cornell corrine cosmin cosmina craig crew cristal cristian cristiana
cristina cristobal cristy cruz cuc cui cuong cynthia cyril dae dakota dalal dale dalia daljit
dallas dalton damaris damaso damian damien damon dan dana danelle danette dang danh danica daniela
daniele daniella danilo danita dante dao dara darcy daren daria darin darius darla darnell darrel
darren darrin darshan darwin dat davida davis dawn dawson dayna dean deana deandre deanna declan
deepa deepak deepika deepti deidra deirdre delaney delfina delfino delilah delmar demarcus demetria
demetrio demetrius demissie denice denis denise denver dereck deshawn desiree desmond desta destiny
devi devika devin devon devorah dewayne dewey dewitt dexter dhaval dhruv diana dianna diego diem
diep dieu dilip dillon dimitra dimitrios dimple dina dinah dinesh dinh dino dionicio dionne dipak
dipika dirk divya dixie dmitri doan dollie dolores dominga domingo dominique dong donn donnell
donovan doo dora doreen doretha dorian dorris doyle drake duane duc dudley dung duong dustin dusty
duy duyen dwayne dwight dylan earl earlene earline easton ebony ebuka eden edgar edgardo edith
eduardo efrain efren efua ehab elaina elaine eldon eleazar elena elia eliana elias elida elin elina
elinor elisa elisabeth elise elisea eliseo elle elliana ellie elliot elliott ellis elmer elmo
eloisa eloy elsa elton elva elvia elvira elvis elyse emad eman emanuela emanuele ember emeka
emerson emery emile emilia emiliano emilie emilio emma emmalee emmalyn emmett emory emrah emre
encarnacion enedina enid enrique enriqueta enzo epifanio erich ericka erik eriko erlinda erma
ernest ernestina ernesto errol ervin esi esme esmeralda esperanza esteban estela estella ester
ethan ethel eufemia eugenia eugenio eula eulalia eun eunhee eunhye eunji eunjoo eunju eusebio eva
evan evangelia evangelina evangeline evangelos evelynn everett everleigh everly ezekiel ezequiel
ezra fabian fabiola fadi fadia fahad fahd fahim faisal faiza falguni fang fannie farah fareed
farhad farhan farida farooq farshad faten fatima fatma faustino fawzi faye fayez federico fei
felicia felicitas felicity felipe felix fen feng fermin fern fernanda fernando fidel fidelia fikru
filiberto filipo filomena finley finn fiona flavia fletcher flor florencia florencio florin florina
florinda florine flossie forest forrest fortino foster francisca francisco frederic freeman freida
fritznel fritzner froylan fu gabriel gabriela gabriella gage ganesh gang gao garland garth gaurav
gauri gavin gayane gayla gebre gebremariam gebremedhin geeta genaro genesis geneva gennady georgene
georgette georgina georgios gerard gerardo gerda germaine german getachew getahun ghada ghassan gia
giang gianna gianni giao giap gilberto gino giorgia giorgos giovanna giovanni girish girma gisela
giselle gita gizaw gladys glenda glenna gohar gokhan goldie gonzalo gopal gordon govind grace
gracelyn graciela grady graham grant graysen grayson gregoria gregorio greyson griselda grover
guadalupe guang gudmund gudrun gui guillermina guillermo gulsen gulsum gunnar gunner guo guoqiang
guoqing gurdeep gurinder gurmeet gurpreet gustavo guy gwyn gyu ha habib hadi hadiya hadley haejin
hafsa hai haile hailemariam haileselassie hailey hailu haisley haiyan haiyang hala haley halldor
halldora halle hamid hamida hamza han hana hanan haneul hang hanh hani hania hanna hans hao hardeep
hardik hari harish harjinder harjit harlan harley harlow harmeet harmony harper harpreet harriett
harriette harris harsh harsha harshad haruki haruko harun harvey hasan hassan hatem hau hayat
haydee hayden haylee hayley hazel he heath hector hee heejin heesun heidi heinz helga hemant
hemlata henrik henrike heriberto herlinda hermelinda herminia hernan herschel hershel hetal hiba
hien hiep hieu higinio hilaria hilario hilda hind hiral hiroki hiroko hiroshi hisham hitesh ho hoa
hoai hoan hoang hoat hobert hodan hollie hollis holly homer homero hong hop hope horacio hortencia
houston hovhannes hovsep htun hua huan huang huda hudson hue hugo hui humberto hung hunter huong
huu huy huyen huynh hwa hyejin hyeon hyo hyun hyunjin hyunjoo hyunsoo hyunwoo ibrahim ida ifrah
ignacia ignacio igor ihab ihor ikaika ikram ilene iliana ilona imad iman imelda imogene imran
indira indu ines inga ingrid ingunn ioane iolani ione ionel ionela ira iris irma isabel isabell
isaiah isaias isam ishaan isidora isidoro isidro isla ismael ismahan ismail israel issa ivan ivana
ivette ivory ivy izabella jaber jabir jace jacinta jacinto jacklyn jaclyn jacob jacobo jacquelyn
jacques jada jade jaden jadyn jae jaehee jaeho jaehyun jaelyn jaemin jaesung jaewon jagdeep jagdish
jagjit jai jaime jakayla jake jakob jalal jalen jamaal jamal jamar jamarcus jami jamila jamison
jana janae janell janelle janice janine janis janiyah janna jaqueline jared jarred jarrett jarrod
jarvis jase jasmin jason jasper jaspreet jatin javier javon jawad jaxson jaxton jaxtyn jaya
jayalakshmi jayant jayce jayceon jayda jayden jayesh jayla jaylah jaylen jaylin jaylynn jayne
jayshree jayson jazlyn jeanine jeannette jeannine jena jenifer jenna jeong jeremiah jeri jermaine
jerold jerome jerri jerrod jessa jesse jesus jewel jewell ji jia jiae jiahua jiahui jian jiang
jianguo jianhua jiao jiaxin jiaxing jie jieun jigna jignesh jihad jihoon jihye jihyun jillian jimin
jin jina jing jinhee jinho jinwoo jinwook jiong jisoo jisun jitendra jiwon jiwoo jiyeon jiyoung
joaquin jocelyn jodie joel joelle johan johnetta johnie johnna johnnie jolene jolie jomar jomel
jona jonah jonalyn jonas jong joni joo joon joonho jooyoung jordan jorge jose josef josefa josefina
joselyn josephina josh josiah josue journey jovita joy juan juana juanita judah julia julian
juliana julianna julien juliet julieta juliette julio julius jun junho junjie junseo junyoung
justine juventino jyoti kade kadeem kaden kai kaiden kailani kailey kainoa kaitlynn kajal kalani
kale kalea kaleialoha kaleimomi kaleo kaley kali kaliyah kallie kalpana kalyani kamaile kamal
kamala kamalei kamden kamil kamlesh kamryn kanani kanchan kang kaniyah kanti kapono kara karan
kareem karima karina karl karla karlo karrie karthik karyn kasen kasey kassandra kathi kathie
kathlene katina katrina kaushik kavita kavya kawena kawika kayden kaydence kaying kayla kaylee
kayleigh kaylin kazimiera kazimierz kazuko kazuo ke keahi keala kealoha keaton keawe kebede keegan
keenan kehaulani keira keisha keith kekoa kelly kelsey kelsie kelvin kendall kendra kendrick
kenichi kenna kennedi kennedy kenya kenzie keola keoni keri kermit kerrie keshawn ketan ketsia
keyla kha khadija khai khaled khalid khalida khalil khang khanh khiem khin khoa khoi khue ki kian
kiana kiara kiera kieu kiley kim kimberlee kimo kimora kingston kinsley kip kira kiran kirby kirit
kirk kirsten kirstin kirti kisha kitty kiyomi kiyoshi kobe kody kofi kojo kole kolton komal
konstantina konstantinos kora krishna krishnan krista kristal kristi kristian kristie kristin
kristina krystal krystle kuldeep kulwinder kumar kun kunal kurian kurt kurtis kwabena kwaku kwame
kwang kwasi kwesi ky kyaw kyi kyla kylan kyle kylee kyleigh kylen kylie kyra kyrie kyung lac lacey
ladonna laila lainey lakeisha lakesha lakisha lakshman lakshmi lalita lam lamar lamia lan lana
lance landen landon landry lane laney lanh lani lap larissa lars lashawn lashonda lata latanya
latasha latha latif latifa latonya latoya latrice laura lauretta lauryn lavern lawanda layla layne
lazaro leann leanna leeann leela legend lei leigh leila leilani lela leland lemma lenore leo
leobardo leola leon leona leonardo leonel leonid leonor leopoldo lesa letha leticia levi lexi li
liam lian liana liane liang lidia liem lien lieu lihong lihua lilah lilia lilian liliana lillian
lilliana lillie lilly liming lin lina lincoln ling linh linnea linwood liping lisandro lisette liu
liudmila livia liviu loan loc logan loi lolita london londyn long lora loraine lorena lorene
lorenza lorenzo lorna lorri losa louella lourdes lowell lu luan luann lubna luc luca lucas lucero
lucia luciana luciano lucie lucien lucila lucile lucio luis luisa luka lukas lun luna luo luong
lupe luu luz ly lydia lyla lyle lyman lynda lynette lynnette lyudmila mable mackenzie macy maddison
maddox madhavi madhu madhuri madilyn madonna magda magdalena maggie maha mahdi mahealani mahendra
mahesh mahina mahmoud mahmud mai maiyer majed majid makana makayla makenna makoa mala malachi malak
malia malik malika malini mallory man manal mandeep mandi manh mani manish manisha manjit manju
manjula manoj mansour mansur manuel manuela mara marcel marcela marcelina marcelino marcella
marcelo marco marcos marcy marek margarita margarito margot mariah mariam mariana mariann marianne
mariano maribel maricel maricela maricruz marielle marika marilou marilynn marina mario marisa
marisela marisol marit maritza marius marivic marjory marko marla marlee marlene marley marlin
marlon marquis marquita marshall marta martha martin martina marwa marwan mary maryam maryann
maryanne marybeth maryellen maryjane marylou masako masao mason mateo mathai mathew matias matilde
maude maudie maura mauricio maurine maverick mavis max maximino maya mayank mayme maynard mayra
mayur mazen mckayla mckenna mckenzie meena meenakshi meera megha mehmet mehran mehrdad mehul mei
meilin meiling mekonnen melanie melba melchor mele melina melisa mellissa melodie melva menachem
meng mercedes meredith merle merlin merrill mesfin messiah mi mia miao micaela micah michaela
michaele michele michell michiko michio migdalia miguel miguelina mihee mija mijin mijung mikayla
mikyung mila milagros milan milana milena miles milford milind millard milo milton min mina minah
minal minerva ming minh minhee minho minji minjoo minjun minjung minkyu minseo minseok minsoo minsu
mira miranda mireya mirlande mirna miroslav miroslava misty misun mitchel mitchell mitesh miyoung
modesto moe mohan mohit moises molly mona monica monika monique monroe mordechai morgan morton
mousa mridula mu mukesh mulugeta muna munir murray musa mustafa mustapha muthukumar muthukumari my
mya myah myles myrna myron myung na nabil nabila nada nadeem nader nadezhda nadia nadir naeem naila
nainoa najat najib najla nalani nalini nam namrata nan nancy nanda naomi narayana narciso narendra
naresh nari narine nash nasim nasima nasir nasrin nasser natalia natalie nathalie natividad navdeep
naveen navin nawal nazir neel neelam neena neeraj neeta neha nelda nella nena nestor nevaeh nga
ngan nghi nghia ngoc ngozi nguyen nguyet nhan nhat nhi nhu nhung nicanor nickolas nico nicolas nida
nidhi nigel nikhil nikita nikolai nilam nilda nilesh nimesh nina ning ninh nirav nirmala nisha
nishant nitesh nitin nizar nkechi noah noe noelani noelle noemi nohea nola nolan nona noor nora
norberto noreen norma norris nour noura nova nura nurcan nurhan nyla nylah oakley oanh obinna
octavia octavio odessa odette ofelia oleg oleh olga olin olive oliver olivia olivier oluwaseun
oluwaseyi oluwatobi oluwatosin oma omar omran opal ophelia oralia oren orion orlando orville osama
oscar osvaldo othman otto ovidia ovidiu owen pablo pacey padma page pahoua paige paisley pakou
pallavi paloma panagiota panagiotis pankaj pansy paola paramjit parker parul parvati parvin parviz
pascual pasquale patrice patricio paula paulette paulina paulino paulo paxton payton pearl pearlie
pearline pedro pei penelope peng perla petra petula peyton phat philippa phillis phoenix phong phu
phuc phung phuoc phuong phyllis pierre pilar ping piper piyush placido pooja poonam porfirio portia
prabha prabhu pradeep prakash pramod pranav prasad prashant pratap pratik praveen preeti prem
prerna presley preston pricilla princess priti priya priyanka prudencio pualani punam puneet pushpa
qasim qi qian qiang qiao qin qing qiong qiu quan quang que queen quentin quincy quinn quinton quoc
quy quyen quynh rabia rachelle radha radhika radoslav radoslava rae raelyn raelynn rafael rafaela
raffaele raffaella rafiq raghad raghav ragnar ragnhild rahim rahma rahman rahul raina raj raja
rajalakshmi rajan rajani rajeev rajendra rajesh rajeshwari rajiv rakesh ram rama ramakrishnan
ramana ramesh rameshwar rami ramiro ramon ramona ramzi rana randal randell rania ranjit raquel
rasha rashid rashida rashmi rati raul ravi raymonde raymundo reagan rebeca rebekah reed reem reema
reena reese refugio regan reid reina reinaldo rekha remi remington renata rene renee renita renu
reshma retha revathi rex reyna reynaldo rhea rhett rhonda riad ricarda ricardo ricki ricky ridhi
rigoberto rihanna riley rim rina rishi rita ritesh ritu river rivka riya robbin roberta roberto
robin robyn rocco rochelle rocio rocky rodelio rodney rodolfo rodrick rodrigo rogelio rohan rohini
rohit roland rolando roman romana romeo romulo rona ronda rong roosevelt rory rosa rosalba rosalee
rosalia rosalie rosalinda rosanna rosanne rosario rosaura rose roseline rosella rosendo rosetta
roshan roshni rosita roslyn rowan rowena roxana royal royce ru ruben ruby ruchi rufina rufino rufus
rui rula rupa rupal rupali rupinder ruslan ruslana russel ruth ruthie ryan ryder ryker rylan rylee
ryleigh saad sabah sabir sabrina sachiko sachin sachio sadie sadiq safa safia sagal sagar sage
sahar said saida saige sakina salah saleem saleh salem salim sallie salma salman salvador salwa
samar samara samer sami samia samir samira sammie samuel sana sandeep sandhya sandip sandra sandro
sang sangeeta sangho sanghoon sangmin sangwoo sanjana sanjay sanjeev sanjiv santa santiago santos
santosh sapna sara sarita saroj sasha satish saul savanna savannah savita sawsan sawyer saylor
scarlett scot sebastian seema selah selena selina semisi sengchanh sengdao seo seohyeon seojun seok
seong seoyeon serena serenity sergei sergio serkan seth seung seungho seungmin severiano sha shadi
shadia shahid shahram shahrokh shaila shailesh shakir shalini shan shana shanda shane shankar
shanna shannon shao shaquan shaquana sharad sharda sharif sharlene sharron shauna shawna shayla
shaylee shayna shayne sheena sheetal shelby shelia shen sheng sheree sherman sherrie sherwood shi
shilpa shimon shimona shital shiv shivangi shivani shlomit shlomo shobha shreya shruti shu shuai
shuang shubham shun shweta si siaosi siddharth sienna sierra sigrid sigurd silas silvana silverio
silvestre silvia simon simone simran sina sinh sione sisay sita sivakumar sixto skyla skylar skyler
sloane slobodan slobodanka smita sneha socorro sofia sohan sok sokha soledad solveig somchai somsak
son sonal sonali sonam song sonia soo soohyun soojin sook soomin soon sooyeon sooyoung sophal
sophea sopheak sophie sorin sorina sovann sovanna spencer srinivas stan stanislav stanislava
stanley stavros stavroula stefanie stella sterling su subhash sudha sudhir suhail sujata suji sujin
suk sulaiman suleiman suman sumaya sumi sumit summer sun sunanda sunghee sungho sungjin sungmin
sunhee sunil sunita sunmi sunyoung suong surekha surendra suresh surinder surjit susana susanne
sushil sushma suzan suzanna suzette suzy svetlana swapna swati sybil sydney sylvia tabatha tad
tadeo tadesse taeho taehyun taha tahir tai talal talia talib taliyah tam tamara tameka tamer tamika
tammi tamra tan tania tanisha tanner tanvi tanya tao tara tariku tariq taryn tate tatiana tatum
tavana tavita tawana taylor teagan tejas temitayo temitope tenley teodora teodoro teofilo tera
teresa teresita terrell tesfaye teshome thach thai thalia tham thang thanh thao the thea thein
thelma theodoros therese theron thi thiago thien thinh thoa thom thomasina thu thuan thuc thuong
thurman thuy thuyen tia tian tien tiffani tigran tilahun timothy tin ting tinh tinsley toan tod
todd tomas tomasa tomasz tommie tomoki tomoko tong toni tonia tonya tori trace tracey trai traian
traiana tram trang travis trent trenton treva trevor trey tri trieu trinh trinidad trista tristan
tristen troy truc truman trung truong trupti tsegaye tu tuan tucker tue tung tuoi tuong tushar
tuyen tuyet twila tyler tyrell tyrone tyson uche uday ulises ululani ulysses uma umar umesh urbano
urmila ursula usha usman utpal uyen vaishali valencia valente valentin valentina valeria van vance
vandana vanesa vanessa vannak varghese varsha varun vasant vasiliki vasilis vaughn veena velma
venkat venkatesan venkatesh venus vera verena vern vernell veronica vesta vicenta vicente victor
victoria victoriano vidal vidya viet vijay vijaya vijayalakshmi vikas vikram vilma vimal vimala
vinay vineet vinh vinod violet viorel viorica vipul viral virgie virgil virgilia virginia virginio
vishal vito vivek viviana vladimir vladimira vladislav vladislava vonda vu vuong vy wade wael wafa
waleed walid walton wanda ward warren warsame wasim wayne wei weimin weiming weldon wen wenceslao
wendell wendi wenjia wenjie wesley weston wilbert wilburn wiley wilford wilfredo willa willard
willow wilmer wilner winfred winona winston wondimu woo woodley woodson woojin worku wren wyatt
xander xavier xeng xi xia xian xiang xiao xiaohong xiaohua xiaoming xiaoying ximena xin xing xiong
xiu xiuling xiuying xu xuan xue xun ya yaa yadiel yadira yahir yahya yan yandel yang yao yared
yaretzi yariel yash yasin yasir yasmeen yasser yaw ye yehuda yehudit yen yeon yeonhee yeonjoo
yesenia yesica yi yin ying yiorgos yogesh yogita yohannes yolanda yolande yong yoon yoonhee
yoonjung yoshiko yoshio you young younghee youngho youngjin youngmi youngsoo youngsook younis yu
yuan yue yujin yuki yukiko yukio yulin yun yuna yunus yuping yusra yusuf yuting yvette zacarias
zachariah zahid zahir zahra zaiden zainab zaki zakia zander zane zaniyah zara zariah zaw zayden
zayn zdenek zdenka ze zelda zelma zenaida zeng zerihun zhang zhe zhen zheng zhi zhiqiang zhong zhou
zhu zhuo zi ziad zion zoie zoila zubair zulfiqar zuri
"""

#: Surnames that stand before the given name in Vietnam, China and Korea.
FAMILY_NAMES = """
nguyen tran le pham huynh hoang phan vu vo dang bui do ngo duong ly dinh doan wang li zhang liu
chen yang huang zhao wu zhou xu sun zhu hu guo lin luo zheng liang xie tang feng cheng cai peng pan
yuan dong jiang kim lee park choi choe jung jeong kang cho yoon jang lim shin seo kwon hwang ahn
"""

#: What stands before the given names of all of a family elsewhere: Mohammed Ali, Mohammed Omar.
BEFORE_NAMES = """
mohamed mohammed mohammad muhammad mohamad muhammed mohd md abdul abdel syed sayed sheikh shaikh
venkata naga
"""
