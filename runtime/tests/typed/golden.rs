//! What `bffgen client` emits, as its contract with the runtime says: it compiles, and it works.

use bff_runtime::typed::{self, Encoding, Error, Http, Json, Map, Method, Multipart, Nullable, Style};
use serde::{Deserialize, Deserializer, Serialize};

#[derive(Clone, Debug)]
pub struct Client {
    http: Http,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pet {
    pub id: i64,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    #[serde(default, deserialize_with = "typed::present", skip_serializing_if = "Option::is_none")]
    pub owner: Option<Nullable<String>>,
    #[serde(deserialize_with = "typed::required")]
    pub chip: Nullable<i64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    pub code: i32,
}

#[derive(Clone, Debug, Serialize)]
pub struct Filter {
    pub status: String,
    pub tags: Vec<String>,
}

#[derive(Clone, Debug, Default)]
pub struct ListPets<'a> {
    pub limit: Option<i32>,
    pub filter: Option<&'a Filter>,
    pub x_request_id: Option<&'a str>,
}

#[derive(Clone, Debug)]
pub struct ListPetsAnswer {
    pub x_next: Option<String>,
    pub body: Vec<Pet>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum CreatePetError {
    Status400(Problem),
    Status409(String),
    Status410,
}

#[derive(Clone, Debug, PartialEq)]
pub enum StartAnswer {
    Status200(Pet),
    Status202(Map<i64>),
    Status204,
}

#[derive(Clone, Debug, PartialEq)]
pub enum Payment {
    Card(Card),
    Invoice(Invoice),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Card {
    pub number: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Invoice {
    pub days: i64,
}

impl<'de> Deserialize<'de> for Payment {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Payment, D::Error> {
        let value = Json::deserialize(d)?;
        match typed::tag(&value, "method") {
            Some("card") => typed::member(value).map(Payment::Card),
            Some("invoice") => typed::member(value).map(Payment::Invoice),
            other => Err(typed::unknown_tag("method", other)),
        }
    }
}

impl Client {
    pub fn with(http: Http) -> Client {
        Client { http }
    }

    pub async fn list_pets(&self, options: &ListPets<'_>) -> Result<ListPetsAnswer, Error<Problem>> {
        let answer = self
            .http
            .request(Method::GET, "/pets")
            .query("limit", &options.limit)
            .query_with("filter", &options.filter, Style::DeepObject, true)
            .header("x-request-id", &options.x_request_id)
            .send()
            .await?;
        match answer.status() {
            200 => Ok(ListPetsAnswer { x_next: answer.header("x-next")?, body: answer.json().await? }),
            _ => Err(answer.refused().await),
        }
    }

    pub async fn create_pet(&self, body: &Pet) -> Result<Pet, Error<CreatePetError>> {
        let answer = self.http.request(Method::POST, "/pets").json(body).send().await?;
        match answer.status() {
            201 => answer.json().await,
            400 => Err(answer.refused_as(CreatePetError::Status400).await),
            409 => Err(answer.refused_text_as(CreatePetError::Status409).await),
            410 => Err(answer.refused_with(CreatePetError::Status410).await),
            _ => Err(answer.unexpected().await),
        }
    }

    pub async fn start(&self, pet_id: &str, body: Option<&Problem>) -> Result<StartAnswer, Error> {
        let request = self.http.request(Method::POST, "/pets/{petId}/start").path("petId", pet_id);
        let answer = request.when(body, typed::Request::json).send().await?;
        match answer.status() {
            200 => answer.json().await.map(StartAnswer::Status200),
            202 => answer.json().await.map(StartAnswer::Status202),
            204 => answer.done().await.map(|()| StartAnswer::Status204),
            404 => Err(answer.refused_empty().await),
            _ => Err(answer.unexpected().await),
        }
    }

    pub async fn pay(&self) -> Result<Payment, Error> {
        let answer = self.http.request(Method::POST, "/pay").cookie("session", "a b;c").send().await?;
        match answer.status() {
            200 => answer.json().await,
            _ => Err(answer.unexpected().await),
        }
    }

    pub async fn note(&self, body: &Filter) -> Result<String, Error> {
        let encodings = [Encoding::of("tags", Style::Form, false)];
        let answer = self.http.request(Method::PUT, "/note").form(body, &encodings).send().await?;
        match answer.status() {
            200 => answer.text().await,
            _ => Err(answer.unexpected().await),
        }
    }

    pub async fn upload(&self, name: &str, photo: Option<typed::Part>) -> Result<(), Error> {
        let body = Multipart::new().text("name", name).json("meta", &Problem { code: 1 }).file("photo", photo);
        let answer = self.http.request(Method::POST, "/upload").multipart(body).send().await?;
        match answer.status() {
            204 => answer.done().await,
            _ => Err(answer.unexpected().await),
        }
    }

    pub async fn photo(&self) -> Result<typed::ByteStream, Error> {
        let answer = self.http.request(Method::GET, "/photo").accept("image/*").send().await?;
        match answer.status() {
            200 => Ok(answer.stream()),
            _ => Err(answer.unexpected().await),
        }
    }

    pub async fn watch(&self) -> Result<typed::EventStream, Error> {
        let answer = self.http.request(Method::GET, "/watch").send().await?;
        match answer.status() {
            200 => Ok(answer.events()),
            _ => Err(answer.unexpected().await),
        }
    }

    pub async fn put(&self, body: impl Into<typed::Body>) -> Result<(), Error> {
        let answer = self.http.request(Method::PUT, "/blob").bytes("application/octet-stream", body).send().await?;
        match answer.status() {
            204 => answer.done().await,
            _ => Err(answer.unexpected().await),
        }
    }
}
