"""Given names in common use that the book of nicknames lacks; given_names.py has their forms."""

#: Names of either sex beside those that `nicknames` and SPELLINGS know.
MORE_NAMES = """
aaden aarav aarti abbas abdikadir abdikarim abdirahim abdirahman abdul abdulkarim abdullah
abdulrahim abdulrahman abeba abebe abel abelardo abhay abhijit abhishek abram adalberto adalyn adam
adarsh addison adebayo adebola adel adela adelina adelyn aditi aditya adnan adolfa adolfo adriana
adrianna adriano afaf agustin agustina ahlam ahmad ahmed ai aiden aisha ajay ajit akash akhil akiko
akio akram akshay alaa alaia alaina alana alayna alberto aldo aleah alejandra alejandro alexa
alexia alexis alfonso alfredo alicia alina alisa alivia aliya alka alma almaz alok alondra alonso
alphonse alton alvaro alvin amal amalia aman amanda amar amari amaya amber america amin amina amir
amira amit amita amitabh amiyah ammar amol amrita an anabel analyn anand anant ananya anas anaya
anderson andre andreas andres angelica angeline angelo anh aniket anil anish anita aniya aniyah
anjali anjana anju ankit ankita ankur annabel annabelle annalise annika anselmo antoine anton
antonia antonio anuj anupam anuradha anusha anwar aparna apolonia april araceli arcelia archana
aria ariana arianna ariel ariella ariyah arjun arman armanda armando armen armine arnel arnulfo
arpine artemio arturo arun aruna arvind arwa asad asha asher ashish ashok ashwin asia asim asma
asmaa aspen athanasia athanasios athena atul aubree aubrey audra august aurel aurelia aurelio
aurora autumn ava avery avinash axel ayden ayla ayman aysel aysun aziz aziza azucena babajide
babatunde babita badr bai bailey bala balakrishnan balbir baldev balwinder bao barry bartolo baruch
bashir basma beatriz beckett behnaz behrouz belen benita benito bennett bentley bernarda bernardo
bernice berta bethany bharat bharati bhavesh bhavna bhupinder bianca bich bilal bin bina bindu bing
binh bjarne bjorn blaine blair blake blakely blanca blas bo bobbi bohdan bohdana bonnie bora
bouakham bounkham boyd bracha braden brady braeden branden brandon brantley braxton brayan brayden
braylon breanna brenda brendan brenden bret briana brianna brianne brooke brooklyn bruce bruno
bryan bryant bryce brynlee brynn bushra buu byron byung caden cadence cai caiden cali calixto
callie cam cambria camden cameron camila camryn canh cannon cao cara carey cari carissa carlo
carlos carlota carly carmela carmelita carmelo carmen carolina carroll carson carter cary cash
casimiro cassidy catalina cayden cecil cecilia cecilio celeste celia celso cesar chad chaim chan
chana chandler chandra chang chanh channary chantel chantrea chao charlee charlene charley charli
chase chau chaya chelsea chen cheng chetan chi chidiebere chidinma chien chinedu chinelo chinh
chirag chris christa christi christie christos chrysa chukwuebuka chukwuemeka chul chun chuong
ciara clara clare clark claude claudia claudio clay clayton clemente cleveland clint clinton clyde
cody colby cole coleen colin colleen collin colt colton concepcion cong conor consuelo corbin
corina cornel cosmin cosmina craig crew cristal cristian cristiana cristina cristobal cruz cuc cui
cuong cynthia dae dakota dalal dale dalia daljit dallas dalton damaso damian damien damon dan dana
dang danh danica daniela daniella danilo dante dao daria darin darius darla darnell darren darshan
dat davis dawn dawson dean deana deandre deanna declan deepa deepak deepika deepti deirdre delaney
delfina delfino delilah demarcus demetrio demetrius denis denise dereck deshawn desiree desmond
destiny devi devika devin devon devorah dewey dexter dhaval dhruv diana dianna diego diem diep dieu
dilip dillon dimitra dimitrios dimple dina dinesh dinh dionicio dipak dipika dirk divya dixie
dmitri doan dolores domingo dominique dong donovan doo dora doreen dorian drake duane duc dung
duong dustin duy duyen dwayne dwight dylan earl earlene easton eden edgar edgardo edith eduardo
ehab elaina elaine eldon eleazar elena elia eliana elias elin elina elisa elisabeth elise elisea
eliseo elle elliana ellie elliot elliott ellis elmer eloisa eloy elsa elton elva elvia elvira elyse
emad eman emanuela emanuele ember emerson emery emilia emiliano emilio emma emmalee emmalyn emmett
emrah emre encarnacion enedina enrique enriqueta enzo epifanio erich ericka erik eriko erma ernest
ernestina ernesto ervin esme esmeralda esperanza esteban estela estella ester ethan ethel eufemia
eugenia eugenio eulalia eun eunhee eunhye eunji eunjoo eunju eusebio eva evan evangelia evangelina
evangeline evangelos evelynn everett everleigh everly ezekiel ezequiel ezra fabian fabiola fadi
fadia fahad fahd fahim faisal faiza falguni fang fannie farah fareed farhad farhan farida farooq
farshad faten fatima fatma faustino fawzi faye fayez federico fei felicia felicitas felicity felipe
felix fen feng fermin fern fernanda fernando fidel fidelia filiberto filomena finley finn fiona
flavia fletcher flor florencia florencio florin florina florinda forrest fortino foster francisca
francisco fritznel fritzner froylan fu gabriel gabriela gabriella gage ganesh gang gao garth gaurav
gauri gavin gayane gebremariam gebremedhin geeta genaro genesis geneva georgina georgios gerardo
gerda germaine german ghada ghassan gia giang gianna gianni giao giap gilberto gino giovanna
giovanni girish gisela giselle gita gladys glenda gohar gokhan gonzalo gopal gordon govind grace
gracelyn graciela grady graham grant graysen grayson gregoria gregorio greyson griselda guadalupe
guang gudmund gudrun gui guillermina guillermo gulsen gulsum gunnar gunner guo guoqiang guoqing
gurdeep gurinder gurmeet gurpreet gustavo guy gwyn gyu ha habib hadi hadiya hadley haejin hafsa hai
hailemariam haileselassie hailey haisley haiyan haiyang hala haley halldor halldora halle hamid
hamida hamza han hana hanan haneul hang hanh hani hania hanna hans hao hardeep hardik hari harish
harjinder harjit harlan harley harlow harmeet harmony harper harpreet harris harsh harsha harshad
haruki haruko harun harvey hasan hassan hatem hau hayat hayden haylee hayley hazel he heath hector
hee heejin heesun heidi heinz hemant hemlata henrik henrike heriberto herlinda hermelinda herminia
hernan hetal hiba hien hiep hieu higinio hilaria hilario hilda hind hiral hiroki hiroko hiroshi
hisham hitesh ho hoa hoai hoan hoang hoat hobert holly homer homero hong hop hope horacio hortencia
hovhannes hovsep hua huan huang huda hudson hue hugo hui humberto hung hunter huong huu huy huyen
huynh hwa hyejin hyeon hyo hyun hyunjin hyunjoo hyunsoo hyunwoo ibrahim ida ignacia ignacio igor
ihab ikram ilene iliana ilona imad iman imelda imogene imran indira indu ines inga ingrid ingunn
ionel ionela ira iris irma isabel isaiah isaias isam ishaan isidora isidoro isidro isla ismael
ismail israel issa ivan ivana ivette ivy izabella jaber jabir jace jacinta jacinto jacob jacobo
jacquelyn jada jade jaden jadyn jae jaehee jaeho jaehyun jaelyn jaemin jaesung jaewon jagdeep
jagdish jagjit jai jaime jakayla jake jakob jalal jalen jamal jamar jamarcus jami jamila jamison
jana janae janelle janice janine janiyah janna jared jarrod jarvis jase jasmin
jason jasper jaspreet jatin javier javon jawad jaxson jaxton jaxtyn jaya jayalakshmi jayant jayce
jayceon jayda jayden jayesh jayla jaylah jaylen jaylin jaylynn jayne jayshree jayson jazlyn
jeannine jena jenifer jenna jeong jeremiah jeri jermaine jerome jerri jessa jesse jesus jewel ji
jia jiae jiahua jiahui jian jiang jianguo jianhua jiao jiaxin jiaxing jie jieun jigna jignesh jihad
jihoon jihye jihyun jillian jimin jin jina jing jinhee jinho jinwoo jinwook jiong jisoo jisun
jitendra jiwon jiwoo jiyeon jiyoung joaquin jocelyn joel joelle johan johnnie jolene jolie jomar
jomel jona jonah jonalyn jonas jong joni joo joon joonho jooyoung jordan jorge jose josef josefa
josefina joselyn josh josiah josue journey jovita joy juan juana juanita judah julia julian juliana
julianna julien juliet julieta juliette julio jun junho junjie junseo junyoung justine juventino
jyoti kade kadeem kaden kai kaiden kailey kaitlynn kajal kale kaley kali kaliyah kallie kalpana
kalyani kamal kamala kamden kamil kamlesh kamryn kanchan kang kaniyah kanti kara karan kareem
karima karina karl karla karlo karthik kasen kasey kassandra kathlene katrina kaushik kavita kavya
kayden kaydence kaying kayla kaylee kayleigh kaylin kazimiera kazimierz kazuko kazuo ke keaton
kebede keegan keenan keira keith kelly kelsey kelsie kelvin kendall kendra kendrick kenichi kenna
kennedi kennedy kenzie keri kermit keshawn ketan ketsia keyla kha khadija khai khaled khalid
khalida khalil khang khanh khiem khoa khoi khue ki kian kiana kiara kiera kieu kiley kim kimora
kingston kinsley kip kiran kirit kirk kirsten kirstin kirti kiyomi kiyoshi kobe kody kole kolton
komal konstantina konstantinos kora krishna krishnan krista kristi kristian kristin kristina
krystal kuldeep kulwinder kumar kun kunal kurt kwame kwang ky kylan kyle kylee kyleigh kylen kylie
kyra kyrie kyung lac lacey laila lainey lakeisha lakshman lakshmi lalita lam lamar lamia lan lana
lance landen landon landry lane laney lanh lap larissa lars lata latasha latha latif latifa latonya
latoya laura lauryn layla layne lazaro leann leanna leela legend lei leigh leila leilani lela
leland leo leobardo leon leona leonardo leonel leonor leopoldo lesa leticia levi lexi li liam lian
liana liane liang lidia liem lien lieu lihong lihua lilah lilian liliana lillian lilliana lillie
lilly liming lin lina lincoln ling linh linnea liping lisandro lisette liu livia liviu loan loc
logan loi london londyn long lora lorena lorene lorenza lorenzo lorna lourdes lowell lu luan luann
lubna luc luca lucas lucero lucia luciana luciano lucie lucila lucile lucio luis luisa luka lukas
lun luna luo luong lupe luu luz ly lydia lyla lyle lynda mable mackenzie macy maddison maddox
madhavi madhu madhuri madilyn magda magdalena maggie maha mahdi mahendra mahesh mahmoud mahmud mai
maiyer majed majid makayla makenna mala malachi malak malia malik malika malini mallory man manal
mandeep manh mani manish manisha manjit manju manjula manoj mansour mansur manuel manuela mara
marcel marcela marcelina marcelino marcella marcelo marco marcos marcy marek margarita margot
mariah mariam mariana mariann marianne mariano maribel maricel maricela maricruz marielle marika
marilou marina mario marisa marisela marisol marit marius marivic marko marla marlee marlene marley
marlin marlon marshall marta martha martin martina marwa marwan mary maryam maryann marybeth masako
masao mason mateo matias matilde maura mauricio maverick max maximino maya mayank mayra mayur mazen
mckayla mckenna mckenzie meena meenakshi meera megha mehmet mehran mehrdad mehul mei meilin meiling
melanie melchor melina menachem meng mercedes meredith merle merlin messiah mi mia miao micaela
micah michaela michiko michio miguel miguelina mihee mija mijin mijung mikayla mikyung mila milan
milana milena miles milind milo milton min mina minah minal minerva ming minh minhee minho minji
minjoo minjun minjung minkyu minseo minseok minsoo minsu mira miranda mireya mirlande miroslav
miroslava misty misun mitchell mitesh miyoung modesto moe mohan mohit moises molly mona monica
monique mordechai morgan mousa mridula mu mukesh muna munir murray musa mustafa mustapha muthukumar
muthukumari my mya myah myrna myron myung na nabil nabila nada nadeem nader nadia nadir naeem naila
najat najib najla nalini nam namrata nan nancy nanda naomi narciso narendra naresh nari narine nash
nasim nasima nasir nasrin nasser natalia natalie nathalie natividad navdeep naveen navin nawal
nazir neel neelam neena neeraj neeta neha nelda nella nena nestor nevaeh nga ngan nghi nghia ngoc
nguyen nguyet nhan nhat nhi nhu nhung nicanor nico nicolas nida nidhi nikhil nikita nikolai nilam
nilda nilesh nimesh nina ning ninh nirav nirmala nisha nishant nitesh nitin nizar noah noe noelle
noemi nola nolan noor nora norberto noreen norma norris nour noura nova nura nurcan nurhan nyla
nylah oakley oanh octavia octavio odette ofelia olga olive oliver olivia olivier oluwaseun
oluwaseyi oluwatobi oluwatosin omar omran opal ophelia oren orion orlando orville osama oscar
othman otto ovidia ovidiu owen pablo pacey padma page pahoua paige paisley pakou pallavi paloma
panagiota panagiotis pankaj pansy paola paramjit parker parul parvati parvin parviz pascual
pasquale patrice patricio paula paulina paulino paulo paxton payton pearl pedro pei penelope peng
perla petra petula peyton phat philippa phoenix phong phu phuc phung phuoc phuong phyllis pierre
pilar ping piper piyush placido pooja poonam porfirio prabha prabhu pradeep prakash pramod pranav
prasad prashant pratap pratik praveen preeti prem prerna presley preston princess priti priya
priyanka prudencio punam puneet pushpa qasim qi qian qiang qiao qin qing qiong qiu quan quang que
quentin quincy quinn quinton quoc quy quyen quynh rabia rachelle radha radhika radoslav radoslava
rae raelyn raelynn rafael rafaela raffaele raffaella rafiq raghad raghav ragnar ragnhild rahim
rahma rahul raina raj raja rajalakshmi rajan rajani rajeev rajendra rajesh rajeshwari rajiv rakesh
ram rama ramakrishnan ramesh rameshwar rami ramiro ramon ramona ramzi rana randal randell rania
ranjit raquel rasha rashid rashida rashmi rati raul ravi raymonde reagan rebeca rebekah reed reem
reema reena reese refugio regan reid reina rekha remi remington renata rene renee renu reshma
revathi rex reyna reynaldo rhett rhonda riad ricarda ricardo ricki ricky ridhi rigoberto rihanna
riley rim rina rishi rita ritesh ritu river rivka riya roberta roberto robin robyn rocco rochelle
rocio rocky rodelio rodney rodolfo rodrigo rogelio rohan rohini rohit roland rolando roman romana
romulo rona ronda rong roosevelt rory rosa rosalba rosalia rosalie rosalinda rosanne rosario
rosaura rose roseline rosetta roshan roshni rosita roslyn rowan rowena roxana royce ru ruben ruby
ruchi rufina rufino rufus rui rula rupa rupal rupali rupinder ruslan ruslana russel ruth ryan ryder
ryker rylan rylee ryleigh saad sabah sabir sabrina sachiko sachin sachio sadie sadiq safa safia
sagar sage sahar said saida saige sakina salah saleem saleh salem salim sallie salma salman
salvador salwa samar samara samer sami samia samir samira samuel sana sandeep sandhya sandip sandra
sandro sang sangeeta sangho sanghoon sangmin sangwoo sanjana sanjay sanjeev sanjiv santa santiago
santos santosh sapna sara sarita saroj sasha satish saul savanna savannah savita sawsan sawyer
saylor scarlett sebastian seema selah selena sengchanh sengdao seo seohyeon seojun seok seong
seoyeon serena serenity sergei sergio serkan seth seung seungho seungmin severiano sha shadi shadia
shahid shahram shahrokh shaila shailesh shakir shalini shan shana shane shankar shanna shannon shao
shaquan shaquana sharad sharda sharif sharlene shauna shawna shaylee shayna shayne sheetal shelby
shelia shen sheng sherman sherwood shi shilpa shimon shimona shital shiv shivangi shivani shlomit
shlomo shobha shreya shruti shu shuai shuang shubham shun shweta si siddharth sienna sierra sigrid
sigurd silas silvana silverio silvestre silvia simon simone simran sinh sita sivakumar sixto skyla
skylar skyler sloane slobodan slobodanka smita sneha socorro sofia sohan soledad solveig somchai
somsak son sonal sonali sonam song sonia soo soohyun soojin sook soomin soon sooyeon sooyoung
sophea sopheak sophie sorin sorina sovann sovanna spencer srinivas stan stanislav stanislava
stanley stavros stavroula stefanie stella sterling su subhash sudha sudhir suhail sujata suji sujin
suk sulaiman suleiman suman sumaya sumi sumit summer sun sunanda sunghee sungho sungjin sungmin
sunhee sunil sunita sunmi sunyoung suong surekha surendra suresh surinder surjit susana susanne
sushil sushma suzanna suzette suzy svetlana swapna swati sydney sylvia tabatha tad tadeo taeho
taehyun taha tahir tai talal talia talib taliyah tam tamara tameka tamer tamika tamra tan tania
tanisha tanvi tanya tao tara tariq tate tatiana tatum taylor teagan tejas temitayo temitope tenley
teodora teodoro teofilo tera teresa terrell tesfaye thach thai thalia tham thang thanh thao the
thea thelma theodoros therese thi thiago thien thinh thoa thom thomasina thu thuan thuc thuong thuy
thuyen tia tian tien tigran timothy tin ting tinh tinsley toan tod todd tomas tomasz tomoki tomoko
tong toni tonya tori trace tracey trai traian traiana tram trang travis trent trenton trevor trey
tri trieu trinh trinidad trista tristan tristen troy truc trung truong trupti tu tuan tucker tue
tung tuoi tuong tushar tuyen tuyet tyler tyrell tyrone tyson uday ulises ulysses uma umar umesh
urbano urmila ursula usha usman utpal uyen vaishali valente valentin valentina valeria van vance
vandana vanesa vanessa vannak varsha varun vasant vasiliki vasilis vaughn veena velma venkat
venkatesan venkatesh vera verena vern veronica vicenta vicente victor victoria victoriano vidal
vidya viet vijay vijaya vijayalakshmi vikas vikram vilma vimal vimala vinay vineet vinh vinod
violet viorel viorica vipul viral virgil virgilia virginia virginio vishal vito vivek viviana
vladimir vladimira vladislav vladislava vonda vu vuong vy wade wael wafa waleed walid walton wanda
ward warren wasim wayne wei weimin weiming wen wenceslao wendell wendi wenjia wenjie wesley weston
wilbert willa willard willow wilmer wilner winfred winston woo woodley woodson woojin wren wyatt
xander xavier xeng xi xia xian xiang xiao xiaohong xiaohua xiaoming xiaoying ximena xin xing xiong
xiu xiuling xiuying xu xuan xue xun ya yadiel yadira yahir yahya yan yandel yang yao yaretzi yariel
yash yasir yasmeen yasser ye yehuda yehudit yen yeon yeonhee yeonjoo yesenia
yesica yi yin ying yogesh yogita yolanda yolande yong yoon yoonhee yoonjung yoshiko yoshio you
young younghee youngho youngjin youngmi youngsoo youngsook younis yu yuan yue yujin yuki yukiko
yukio yulin yun yuna yunus yuping yusra yusuf yuting yvette zacarias zachariah zahid zahir
zahra zaiden zainab zaki zakia zander zane zaniyah zara zariah zayden zayn zdenek zdenka ze zelda
zelma zenaida zeng zhang zhe zhen zheng zhi zhiqiang zhong zhou zhu zhuo zi ziad zion zoie zubair
zulfiqar zuri
"""
