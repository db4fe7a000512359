using System.Text;
using System.Text.Json;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.LoadTesting.Arrivals;
using AiAssignments.LoadTesting.Requests;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.LoadTesting;

public sealed class BodyTests
{
    [Theory]
    [InlineData("plain")]
    [InlineData("\"quoted\" and \\ and \n and \u0001 and {n} and {text} and ü 😀 </script>")]
    public void Any_text_fills_a_template_as_one_json_string(string text)
    {
        var body = BodyTemplate.Number(BodyTemplate.Fill("""{"text":"{text}","pair":"{pair}","n":{n},"x":{"y":{}}}""", text, "p" + text), 17);
        var json = JsonDocument.Parse(body).RootElement;
        Assert.Equal((text, "p" + text, 17), (json.GetProperty("text").GetString(), json.GetProperty("pair").GetString(), json.GetProperty("n").GetInt32()));
    }

    [Fact]
    public void Bodies_are_taken_in_turn_and_numbered_where_asked()
    {
        var turn = RequestFactory.Of("post", "/p", ["a", "b"]);
        Assert.Equal(["a", "b", "a"], Enumerable.Range(0, 3).Select(i => Text(turn.At(i))));
        Assert.Same(turn.At(0), turn.At(2));
        Assert.Equal("POST", turn.At(0).Method);
        var numbered = RequestFactory.Of("POST", "/p", ["a{n}", "b"]);
        Assert.Equal(["a0", "b", "a2"], Enumerable.Range(0, 3).Select(i => Text(numbered.At(i))));
    }

    [Fact]
    public void A_trace_s_requests_are_its_own_or_the_usual()
    {
        var source = RequestFactory.Of([new TraceEntry(0, null, null, null), new TraceEntry(1, "DELETE", "/x", "own")], "POST", "/p", "usual");
        Assert.Equal(("POST", "/p", "usual"), (source.At(0).Method, source.At(0).Path, Text(source.At(0))));
        Assert.Equal(("DELETE", "/x", "own"), (source.At(1).Method, source.At(1).Path, Text(source.At(1))));
        Assert.Throws<ProblemException>(() => RequestFactory.Of([new TraceEntry(0, null, "http://elsewhere/", null)], "GET", "/", string.Empty));
    }

    [Fact]
    public async Task A_dataset_s_texts_become_bodies()
    {
        var path = Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Local", "samples", "topics.jsonl");
        var bodies = await DatasetBodies.ReadAsync(new FileDataSource(path), new DatasetOptions(), BodyTemplate.Predict, CancellationToken.None);
        Assert.Equal(152, bodies.Count);
        Assert.All(bodies, body => Assert.NotEmpty(JsonDocument.Parse(body).RootElement.GetProperty("text").GetString()!));
    }

    [Fact]
    public void Files_hold_one_body_or_one_a_line()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("one.json"), "{\n}\n");
        File.WriteAllText(folder.File("many.jsonl"), "{\"a\":1}\n\n{\"a\":2}\n");
        File.WriteAllText(folder.File("none.jsonl"), "\n");
        Assert.Equal(["{\n}\n"], BodyFile.Read(folder.File("one.json")));
        Assert.Equal(["{\"a\":1}", "{\"a\":2}"], BodyFile.Read(folder.File("many.jsonl")));
        Assert.Equal("body-file-invalid", Assert.Throws<ProblemException>(() => BodyFile.Read(folder.File("none.jsonl"))).Problem.Code);
        Assert.Equal("body-file-not-found", Assert.Throws<ProblemException>(() => BodyFile.Read(folder.File("absent"))).Problem.Code);
    }

    [Fact]
    public void An_infer_request_has_the_protocol_s_field_numbers()
    {
        // ModelInferRequest: model_name 1, model_version 2, id 3, inputs 5 {name 1, datatype 2, shape 3 (packed), contents 5 {bytes_contents 8}}, outputs 6 {name 1}.
        var message = InferMessage.Encode("m@2", """{"id":"q","inputs":[{"name":"text","shape":[1,2],"datatype":"BYTES","data":[["ab","c"]]}],"outputs":[{"name":"o"}]}""");
        byte[] contents = [0x42, 2, .. "ab"u8, 0x42, 1, .. "c"u8];
        byte[] input = [0x0A, 4, .. "text"u8, 0x12, 5, .. "BYTES"u8, 0x1A, 2, 1, 2, 0x2A, (byte)contents.Length, .. contents];
        Assert.Equal([0x0A, 1, (byte)'m', 0x12, 1, (byte)'2', 0x1A, 1, (byte)'q', 0x2A, (byte)input.Length, .. input, 0x32, 3, 0x0A, 1, (byte)'o'], message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"inputs":[{"name":"x"}]}""")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP16","data":[1]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"INT32","data":["a"]}]}""")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"INT32","data":[1.5]}]}""")]
    public void What_is_no_infer_request_is_refused(string json) =>
        Assert.Equal("infer-request-invalid", Assert.Throws<ProblemException>(() => InferMessage.Encode("m", json)).Problem.Code);

    private static string Text(LoadRequest request) => Encoding.UTF8.GetString(request.Body.Span);
}
