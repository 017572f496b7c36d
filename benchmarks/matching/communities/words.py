"""Names of a third hand: neither the towns nor the draws take theirs from here."""

from __future__ import annotations

#: Of each people: men's names, women's names, surnames.
NAMES: dict[str, tuple[str, str, str]] = {
    "plain": (
        "Amos Levi Elam Samuel John Jonas Jacob David Daniel Aaron Isaac Eli Melvin Mervin Marvin Ivan"
        " Reuben Gideon Stephen Christian Benuel Leroy Omar",
        "Sadie Annie Barbara Rebecca Mary Malinda Lydia Rachel Katie Fannie Emma Naomi Ruth Linda Lena"
        " Arie Susie Mattie Verna Ada Edna Sarah",
        "Stoltzfus King Fisher Beiler Lapp Esh Zook Glick Miller Yoder Troyer Hershberger",
    ),
    "tejano": (
        "Jose Juan Luis Carlos Jesus Miguel Pedro Raul Ramon Hector Ruben Arturo Noe Eliseo Rogelio"
        " Abel Adan Saul Juan+Carlos Jose+Luis Luis+Angel Jose+Angel",
        "Maria Ana Rosa Elva Norma Alma Irma Delia Blanca Sonia Yesenia Maribel Araceli Maria+Luisa"
        " Maria+Elena Ana+Maria Rosa+Maria Ana+Karen San+Juanita Maria+de+Jesus",
        "Garza Garcia Cantu Trevino Salinas Lopez Martinez Rodriguez Gonzalez Perez Flores Ochoa"
        " Villarreal De+La+Garza De+Leon Longoria Saenz",
    ),
    "han": (
        "Wei Jian Hao Jun Ming Lei Yong Xin Bo Jianguo Jianjun Zhiqiang Zhiwei Haoran Yichen Junjie",
        "Fang Min Li Yan Hui Jing Xia Ting Mei Meiling Xiaoyan Xiaohong Yuting Jiayi Lihua Xiuying",
        "Wang Li Zhang Liu Chen Yang Huang Zhao Wu Zhou Xu Sun Ma Zhu Lin",
    ),
    "viet": (
        "Minh Hung Tuan Dung Long Nam Quang Duc Khanh Van+Minh Quoc+Anh Duc+Anh Van+Hung Hoang+Nam",
        "Lan Hoa Huong Mai Linh Thao Trang Thi+Lan Thi+Hoa Thi+Mai Ngoc+Anh Kim+Anh Phuong+Linh",
        "Nguyen Tran Le Pham Vo Dang Bui Do Ho Ngo",
    ),
    "punjabi": (
        "Gurpreet Harpreet Manpreet Jaspreet Sukhdeep Mandeep Amandeep Baljit Kuldeep Ranjit Harjit",
        "Gurpreet Harpreet Manpreet Jaspreet Sukhdeep Mandeep Amandeep Baljit Kuldeep Ranjit Simran",
        "Singh Kaur Gill Sidhu Dhillon Sandhu Grewal",
    ),
    "slav": (
        "Oleksandr Serhii Volodymyr Andriy Mykola Ivan Dmytro Viktor Yuriy Vasyl Ihor Bohdan Taras",
        "Oleksandra Olena Viktoriia Iryna Nataliia Svitlana Tetiana Oksana Halyna Yuliia Valentyna",
        "Ivanov Petrov Kovalenko Shevchenko Bondarenko Kravchuk Sokolov Melnyk Volkov Morozov",
    ),
    "habesha": (
        "Abebe Tesfaye Bekele Haile Girma Kebede Dawit Yonas Samuel Mulugeta Solomon Tadesse",
        "Almaz Tigist Hana Selam Meron Bethlehem Sara Rahel Marta Aster Hirut Genet",
        "Abebe Tesfaye Bekele Haile Girma Kebede Tadesse Mulugeta Gebremariam Woldemichael",
    ),
    "post": (
        "Tyler Brandon Cody Dustin Kyle Austin Jordan Logan Mason Hunter Chase Trevor Dakota Devin"
        " Tanner Colton Bryce Jared Shane Marcus Andre Malik Darius Tyrell",
        "Kayla Brittney Ashley Courtney Destiny Alexis Taylor Jasmine Haley Paige Morgan Mackenzie"
        " Brianna Sierra Shelby Kelsey Bailey Tiara Aliyah Keisha Madison Makayla",
        "Smith Johnson Williams Brown Jones Davis Miller Wilson Moore Taylor Anderson Thomas Jackson"
        " Harris Walker Hall Young Allen Wright Scott Hill Green Adams Baker Nelson Carter",
    ),
    "ridge": (
        "William James Robert Charles George Thomas Joseph Edward Harold Raymond Walter Carl Clyde Roy"
        " Earl Floyd Dale Wayne Donnie Ronnie Billy+Joe Bobby+Ray Jimmy+Dale John+Paul",
        "Mary Dorothy Betty Ruth Shirley Wanda Brenda Peggy Sue Glenda Rhonda Tammy Loretta Mary+Ann"
        " Mary+Lou Betty+Jo Peggy+Sue Bobbie+Jean Anna+Mae Willie+Mae",
        "Hatfield McCoy Blevins Stamper Combs Caudill Ratliff Hensley Mullins Sizemore Collins Begley",
    ),
}  # fmt: skip

SHORT = dict(
    pair.split("=")
    for pair in [
        "William=Bill",
        "Robert=Bob",
        "James=Jim",
        "Charles=Charlie",
        "Joseph=Joe",
        "Edward=Ed",
        "Thomas=Tom",
        "Raymond=Ray",
        "Samuel=Sam",
        "Daniel=Dan",
        "David=Dave",
        "Benuel=Ben",
        "Stephen=Steve",
        "Jose=Pepe",
        "Jesus=Chuy",
        "Rebecca=Becky",
        "Barbara=Barb",
        "Rachel=Rach",
        "Susie=Sue",
        "Dorothy=Dot",
        "Oleksandr=Alex",
        "Volodymyr=Vlad",
        "Oleksandra=Sasha",
        "Nataliia=Natasha",
        "Madison=Maddie",
        "Alexis=Lexi",
        "Mackenzie=Kenzie",
        "Brandon=Bran",
        "Dakota=Kota",
    ]
)

PETS = [
    "Bella",
    "Luna",
    "Max",
    "Buddy",
    "Daisy",
    "Charlie",
    "Bear",
    "Rocky",
    "Duke",
    "Sadie",
    "Coco",
    "Milo",
    "Tank",
    "Blue",
    "Copper",
    "Boots",
    "Smokey",
    "Tiger",
    "Oreo",
    "Chiquita",
    "Lola",
    "Nena",
    "Canela",
    "Oso",
    "Prieto",
    "Biscuit",
    "Peanut",
    "Ranger",
    "Remi",
    "Nala",
    "Zeus",
    "Athena",
    "Ginger",
    "Shep",
    "Lady",
    "Princess",
    "Rex",
    "Patches",
    "Midnight",
    "Muffin",
    "Simba",
    "Mittens",
    "Snowball",
    "Shadow",
    "Cali",
    "Diesel",
    "Roxy",
]
BREEDS = {
    "dog": "Labrador Retriever|Chihuahua|Pit Bull|German Shepherd|Mixed|Border Collie|Beagle|Blue Heeler"
    "|Shih Tzu|Yorkshire Terrier|Boxer|Lab Mix",
    "cat": "DSH|DLH|Domestic Shorthair|Siamese|Calico",
}
SHORT_BREEDS = {"Labrador Retriever": "Lab", "German Shepherd": "GSD", "DSH": "Domestic Short Hair",
                "Yorkshire Terrier": "Yorkie", "Mixed": "Mutt", "Lab Mix": "Labrador Mix"}  # fmt: skip
ROADS = [
    "Old Philadelphia Pike",
    "Harvest Rd",
    "Millers Creek Rd",
    "County Road 12",
    "FM 1017",
    "Expressway 83",
    "Garrison Ave",
    "College St",
    "Depot St",
    "Fort Hill Rd",
    "Peach Bottom Rd",
    "Mile 7 Rd",
    "University Dr",
    "Hollow Rd",
    "Sunset Blvd",
    "Schoolhouse Ln",
    "Canal St",
    "Barracks Rd",
    "La Homa Rd",
    "Elm St",
]

#: How another office spells a name in our letters.
SPELLED = dict(
    pair.split("=")
    for pair in [
        "Oleksandr=Aleksandr",
        "Serhii=Sergey",
        "Volodymyr=Vladimir",
        "Andriy=Andrei",
        "Mykola=Nikolai",
        "Dmytro=Dmitry",
        "Viktor=Victor",
        "Yuriy=Yuri",
        "Vasyl=Vasily",
        "Oleksandra=Aleksandra",
        "Olena=Elena",
        "Viktoriia=Victoria",
        "Iryna=Irina",
        "Nataliia=Natalia",
        "Svitlana=Svetlana",
        "Tetiana=Tatiana",
        "Halyna=Galina",
        "Yuliia=Yulia",
        "Xin=Hsin",
        "Jian=Chien",
        "Jing=Ching",
        "Xia=Hsia",
        "Zhang=Chang",
        "Zhou=Chow",
        "Xu=Hsu",
        "Huang=Wong",
        "Wang=Wong",
        "Gurpreet=Gurprit",
        "Manpreet=Manprit",
        "Sukhdeep=Sukhdip",
        "Amandeep=Amandip",
        "Tesfaye=Tesfay",
        "Bethlehem=Betelhem",
        "Yonas=Jonas",
        "Rahel=Rachel",
        "Meron=Merone",
        "Hana=Hanna",
        "Ivanov=Ivanoff",
    ]
)
