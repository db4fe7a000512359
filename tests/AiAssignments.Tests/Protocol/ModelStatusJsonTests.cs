using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Protocol;
using AiAssignments.Inference.Serving;
using AiAssignments.Onnx.Inspection;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Protocol;

public sealed class ModelStatusJsonTests
{
    [Fact]
    public void A_status_with_card_and_signature_arrives_as_it_was()
    {
        var package = Inference.Models.ModelFolder.Open(Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Local", "models", "fashion"));
        var status = new ModelStatus(
            new ModelKey("fashion", "3"), ModelState.Ready, true, package.Card, package.Signature, new Problem("x", "y", "z"), 4, 5, "CPU", DateTimeOffset.UnixEpoch)
        {
            ContentHash = package.ContentHash,
        };
        var read = Assert.Single(ModelStatusJson.Read(ModelStatusJson.Write([status])));
        Assert.Equal(status.Key, read.Key);
        Assert.Equal(status.State, read.State);
        Assert.Equal(status.Problem, read.Problem);
        Assert.Equal(package.ContentHash, read.ContentHash);
        Assert.Equal(ModelTask.ImageClassification, read.Card!.Task);
        Assert.Equal(package.Card.Labels, read.Card.Labels);
        Assert.Equal(package.Card.Image!.Mean, read.Card.Image!.Mean);
        Assert.Equal(package.Signature.Inputs.Select(input => input.ToString()), read.Signature!.Inputs.Select((OnnxValue input) => input.ToString()));
    }

    [Fact]
    public void A_server_of_before_says_no_content_hash() =>
        Assert.Null(Assert.Single(ModelStatusJson.Read("""[{"key":{"name":"topic","version":"1"},"state":"Ready","active":true,"queuedRows":0,"memoryBytes":0}]"""u8)).ContentHash);

    [Fact]
    public void Broken_json_is_a_problem() =>
        Assert.Equal("json-invalid", Assert.Throws<ProblemException>(() => ModelStatusJson.Read("[{\"key\":"u8)).Problem.Code);
}
