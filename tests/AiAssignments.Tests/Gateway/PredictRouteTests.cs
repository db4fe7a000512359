using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace AiAssignments.Tests.Gateway;

public sealed class PredictRouteTests(GatewayHost host) : IClassFixture<GatewayHost>
{
    private const string Path = "/api/models/echo/predict";

    [Fact]
    public async Task One_text_and_many_inputs_are_answered_in_order()
    {
        var one = await host.PostAsync(Path, """{"text":"a","pair":"b","topK":3,"timeoutMs":250}""");
        Assert.Equal(HttpStatusCode.OK, one.Status);
        Assert.Equal("echo@1", one.Json.GetProperty("model").GetString());
        var asked = host.Predictor.Asked[^1];
        Assert.Equal(("echo", null, "a", "b", 3, TimeSpan.FromMilliseconds(250)), (asked.Name, asked.Version, asked.Inputs[0].Text, asked.Inputs[0].Pair, asked.Options.TopK, asked.Options.Timeout));

        var many = await host.PostAsync("/api/models/echo/versions/7/predict", """{"output":"logits","inputs":["x",{"text":"😀 \u00e9"},{"image":"AAEC"},{"text":"p","pair":null}]}""");
        Assert.Equal("echo@7", many.Json.GetProperty("model").GetString());
        var answers = many.Json.GetProperty("answers").EnumerateArray().ToList();
        Assert.Equal(["x", "😀 é", "3 bytes", "p"], answers.Select(answer => answer.GetProperty("labels")[0].GetProperty("label").GetString()));
        Assert.Equal(1.5, answers[0].GetProperty("logits")[0].GetDouble());
        Assert.Equal(JsonValueKind.Null, answers[0].GetProperty("logits")[1].ValueKind);
    }

    [Fact]
    public async Task The_answer_says_where_the_time_went_and_what_it_is()
    {
        var reply = await host.PostAsync(Path, """{"text":"timed"}""");
        Assert.Equal("queue;dur=0.1, tokenize;dur=0.25, inference;dur=3", reply.Header("Server-Timing"));
        Assert.Equal(0.25, reply.Json.GetProperty("timing").GetProperty("tokenizeMs").GetDouble());
        var again = await host.PostAsync("/api/models/cached/predict", """{"text":"timed"}""");
        Assert.Equal(1, again.Json.GetProperty("cached").GetInt32());
        Assert.Equal("queue;dur=0, tokenize;dur=0, inference;dur=0", again.Header("Server-Timing"));
        Assert.Equal(again.Header("ETag"), (await host.PostAsync("/api/models/cached/predict", """{"text":"timed"}""")).Header("ETag"));
        Assert.NotEqual(again.Header("ETag"), (await host.PostAsync("/api/models/cached/predict", """{"text":"other"}""")).Header("ETag"));
    }

    [Fact]
    public async Task A_long_answer_is_coded_as_the_caller_takes_it()
    {
        var inputs = $$"""{"inputs":[{{string.Join(',', Enumerable.Repeat("\"a text\"", 100))}}]}""";
        var plain = await host.PostAsync("/api/models/cached/predict", inputs);
        using var content = new StringContent(inputs, Encoding.UTF8, "application/json");
        var coded = await host.SendAsync(HttpMethod.Post, "/api/models/cached/predict", content, ("Accept-Encoding", "br, gzip"));
        Assert.Equal("br", coded.Header("Content-Encoding"));
        await using var body = new System.IO.Compression.BrotliStream(new MemoryStream(coded.Body), System.IO.Compression.CompressionMode.Decompress);
        Assert.Equal(plain.Json.GetProperty("answers").GetRawText(), (await JsonDocument.ParseAsync(body)).RootElement.GetProperty("answers").GetRawText());
        Assert.Null((await host.PostAsync("/api/models/cached/predict", """{"text":"short"}""")).Header("Content-Encoding"));
    }

    [Fact]
    public async Task An_image_and_a_form_of_images_are_inputs()
    {
        var image = await host.PostAsync(Path + "?topK=2&output=logits&timeoutMs=9", new byte[321], "image/png");
        Assert.Equal("321 bytes", image.Json.GetProperty("answers")[0].GetProperty("labels")[0].GetProperty("label").GetString());
        var options = host.Predictor.Asked[^1].Options;
        Assert.Equal((2, true, TimeSpan.FromMilliseconds(9)), (options.TopK, options.Logits, options.Timeout));

        using var form = new MultipartFormDataContent();
        foreach (var size in new[] { 5, 70_000 })
        {
            var part = new ByteArrayContent(new byte[size]);
            part.Headers.ContentType = new MediaTypeHeaderValue("image/jpeg");
            form.Add(part, "image", "../../etc/passwd");
        }

        var reply = await host.SendAsync(HttpMethod.Post, Path, form);
        Assert.Equal(["5 bytes", "70000 bytes"], reply.Json.GetProperty("answers").EnumerateArray().Select(answer => answer.GetProperty("labels")[0].GetProperty("label").GetString()));
    }

    [Theory]
    [InlineData("", "request-json-invalid")]
    [InlineData("{", "request-json-invalid")]
    [InlineData("[]", "request-json-invalid")]
    [InlineData("null", "request-json-invalid")]
    [InlineData("""{"text":"a"}x""", "request-json-invalid")]
    [InlineData("""{"text":"a"}{"text":"b"}""", "request-json-invalid")]
    [InlineData("""{"text":7}""", "request-json-invalid")]
    [InlineData("""{"text":"\ud800"}""", "request-json-invalid")]
    [InlineData("""{"text":"a","output":"probabilities"}""", "request-json-invalid")]
    [InlineData("""{"inputs":"a"}""", "request-json-invalid")]
    [InlineData("""{"inputs":[7]}""", "request-json-invalid")]
    [InlineData("""{"inputs":[[[[[[[[[[[[1]]]]]]]]]]]]}""", "request-json-invalid")]
    [InlineData("{}", "inputs-missing")]
    [InlineData("""{"inputs":[]}""", "inputs-missing")]
    [InlineData("""{"inputs":[{}]}""", "inputs-missing")]
    [InlineData("""{"inputs":["a"],"text":"b"}""", "inputs-missing")]
    [InlineData("""{"pair":"b"}""", "inputs-missing")]
    [InlineData("""{"text":"a","image":"AAEC"}""", "inputs-missing")]
    [InlineData("""{"text":"a","text":"b"}""", "request-field-repeated")]
    [InlineData("""{"text":"a","topK":1,"topK":2}""", "request-field-repeated")]
    [InlineData("""{"txt":"a"}""", "request-field-unknown")]
    [InlineData("""{"inputs":[{"text":"a","topK":2}]}""", "request-field-unknown")]
    [InlineData("""{"image":"not base64!"}""", "image-base64-invalid")]
    [InlineData("""{"image":""}""", "image-base64-invalid")]
    [InlineData("""{"text":"a","topK":0}""", "option-out-of-range")]
    [InlineData("""{"text":"a","topK":1.5}""", "option-out-of-range")]
    [InlineData("""{"text":"a","topK":"5"}""", "option-out-of-range")]
    [InlineData("""{"text":"a","timeoutMs":-1}""", "option-out-of-range")]
    [InlineData("""{"text":"a","timeoutMs":99999999999}""", "option-out-of-range")]
    public async Task A_body_of_another_shape_is_refused(string body, string code) => (await host.PostAsync(Path, body)).Refuses(HttpStatusCode.BadRequest, code);

    [Fact]
    public async Task Bytes_that_are_not_text_are_refused() =>
        (await host.PostAsync(Path, [.. Encoding.UTF8.GetBytes("{\"text\":\""), 0xff, 0xfe, .. Encoding.UTF8.GetBytes("\"}")], "application/json")).Refuses(HttpStatusCode.BadRequest, "request-json-invalid");

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task Another_media_type_is_refused(string type) => (await host.PostAsync(Path, "a"u8.ToArray(), type)).Refuses(HttpStatusCode.UnsupportedMediaType, "media-type-unsupported");

    [Fact]
    public async Task Too_much_is_refused()
    {
        (await host.PostAsync(Path, $$"""{"inputs":[{{string.Join(',', Enumerable.Repeat("\"a\"", 1001))}}]}""")).Refuses(HttpStatusCode.RequestEntityTooLarge, "request-too-large");
        (await host.PostAsync(Path, $$"""{"text":"{{new string('a', (1 << 20) + 1)}}"}""")).Refuses(HttpStatusCode.RequestEntityTooLarge, "request-too-large");
        (await host.PostAsync(Path, new byte[(16 << 20) + 1], "image/png")).Refuses(HttpStatusCode.RequestEntityTooLarge, "request-too-large");
    }

    [Fact]
    public async Task A_form_that_is_no_form_of_images_is_refused()
    {
        // Two of the largest images are within the limit, and the lines around them are not.
        var form = new MultipartFormDataContent { Image(16 << 20), Image(16 << 20) };
        (await host.SendAsync(HttpMethod.Post, Path, form, ("Transfer-Encoding", "chunked"))).Refuses(HttpStatusCode.RequestEntityTooLarge, "request-too-large");
        (await host.PostAsync(Path, "x"u8.ToArray(), "multipart/form-data; boundary=b")).Refuses(HttpStatusCode.BadRequest, "request-form-invalid");
        (await host.PostAsync(Path, "--b--\r\n"u8.ToArray(), "multipart/form-data; boundary=b")).Refuses(HttpStatusCode.BadRequest, "inputs-missing");
        (await host.PostAsync(Path, "--b\r\nContent-Disposition: form-data; name=a\r\n\r\ntext\r\n--b--\r\n"u8.ToArray(), "multipart/form-data; boundary=b")).Refuses(HttpStatusCode.UnsupportedMediaType, "media-type-unsupported");
        (await host.PostAsync(Path, "--b\r\nContent-Type: image/png\r\n\r\nabc"u8.ToArray(), "multipart/form-data; boundary=b")).Refuses(HttpStatusCode.BadRequest, "request-form-invalid");
    }

    [Fact]
    public async Task What_the_server_refuses_is_said_with_its_status()
    {
        var full = await host.PostAsync("/api/models/full/predict", """{"text":"a"}""");
        full.Refuses(HttpStatusCode.TooManyRequests, "queue-full");
        Assert.Equal("2", full.Header("Retry-After"));
        (await host.PostAsync("/api/models/late/predict", """{"text":"a"}""")).Refuses(HttpStatusCode.GatewayTimeout, "deadline-exceeded");
        (await host.PostAsync("/api/models/%2e%2e%2fecho/predict", """{"text":"a"}""")).Refuses(HttpStatusCode.NotFound, "model-not-found");
        var broken = await host.PostAsync("/api/models/broken/predict", """{"text":"a"}""");
        broken.Refuses(HttpStatusCode.InternalServerError, "internal-error");
        Assert.DoesNotContain("secret", broken.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_serves_on_after_a_refusal()
    {
        for (var i = 0; i < 20; i++)
        {
            (await host.PostAsync(Path, "{\"text\":")).Refuses(HttpStatusCode.BadRequest, "request-json-invalid");
            Assert.Equal(HttpStatusCode.OK, (await host.PostAsync(Path, """{"text":"a"}""")).Status);
        }
    }

    private static ByteArrayContent Image(int bytes)
    {
        var image = new ByteArrayContent(new byte[bytes]);
        image.Headers.ContentType = new("image/png");
        return image;
    }
}
