using System.Text;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Protocol.Records;
using AiAssignments.Inference.Protocol.Requests;
using AiAssignments.Inference.Protocol.Wire;
using AiAssignments.Inference.Scoring;
using AiAssignments.Inference.Serving;
using DataType = AiAssignments.Onnx.TensorProto.Types.DataType;

namespace AiAssignments.Tests.Protocol;

public sealed class RecordTensorTests
{
    private static readonly ModelCard Card = new() { Name = "m", Version = "1", Task = ModelTask.TextClassification, Labels = ["a", "b"] };

    [Fact]
    public void Texts_and_pairs_arrive_as_they_were()
    {
        DatasetRecord[] records = [Text(0, "one", null), Text(1, "", ""), Text(2, "drei \uD83D\uDE00", "vier")];
        var read = RoundTrip(records).Cast<TextRecord>().ToList();
        Assert.Equal(["one", "", "drei \uD83D\uDE00"], read.Select(record => record.Text));
        Assert.Equal([null, "", "vier"], read.Select(record => record.Pair));
    }

    [Fact]
    public void Sentences_of_unlike_length_arrive_as_they_were()
    {
        DatasetRecord[] records = [Words(0, "a", "b"), Words(1, "c"), Words(2, "d", "e", "f")];
        Assert.Equal(["a b", "c", "d e f"], RoundTrip(records).Cast<WordsRecord>().Select(record => string.Join(' ', record.Words)));
    }

    [Fact]
    public void Images_arrive_encoded_or_raw()
    {
        DatasetRecord[] records =
        [
            new ImageRecord(new(0, 0), new byte[] { 1, 2 }, null, null, []),
            new ImageRecord(new(1, 0), new byte[] { 3 }, new RawImage(4, 5, 3, true), null, []),
        ];
        var read = RoundTrip(records).Cast<ImageRecord>().ToList();
        Assert.Equal([1, 2], read[0].Content.ToArray());
        Assert.Null(read[0].Raw);
        Assert.Equal(new RawImage(4, 5, 3, true), read[1].Raw);
    }

    [Fact]
    public void Predictions_truncation_and_errors_arrive_as_they_were()
    {
        DatasetRecord[] records = [Text(0, "x", null), Text(1, "y", null)];
        ScoredRecord[] scored = [new(records[0], new Prediction([0.25f, 0.75f], 1, true) { Logits = [-1f, 1f] }, null), new(records[1], null, new RecordError(default, "logits-not-finite", "NaN: found"))];
        var served = new ServedPredictions(new("m", "1"), Card, scored, default);
        var wanted = new[] { "probabilities", "logits", "truncated", "error" }.Select(name => new RequestedOutput(name, null, null)).ToList();
        var read = PredictionTensors.Read(records, 2, PredictionTensors.Write(served, wanted));
        Assert.Equal([0.25f, 0.75f], read[0].Prediction!.Probabilities);
        Assert.True(read[0].Prediction!.Truncated);
        Assert.Equal([-1f, 1f], read[0].Prediction!.Logits!);
        Assert.Null(read[1].Prediction);
        Assert.Equal(("logits-not-finite", "NaN: found"), (read[1].Error!.Code, read[1].Error!.Message));
        Assert.Same(records[1], read[1].Record);

        var refused = Assert.Throws<ProblemException>(() => PredictionTensors.Write(served, wanted[..1]));
        Assert.Equal("logits-not-finite", refused.Problem.Code);
    }

    [Theory]
    [InlineData("other", "text (with pair)")]
    [InlineData("pair", "text (with pair)")]
    public void A_bytes_input_that_no_model_has_is_named(string name, string words)
    {
        var request = new InferRequest(string.Empty, [Bytes(name, [1], "x")], [], false, null);
        Assert.Contains(words, Assert.Throws<ProblemException>(() => RecordReader.Read(request)).Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Tensors_that_do_not_go_together_are_refused()
    {
        var text = Bytes("text", [2], "x", "y");
        Refuse(text, Bytes("pair", [1], "x"));
        Refuse(text, Bytes("image", [2], "x", "y"));
        Refuse(Bytes("text", [2, 2], "x", "y", "z", "w"));
        Refuse(Bytes("text", [0]));
        Refuse(Bytes("words", [3], "x", "y", "z"), Longs("lengths", 1, 1));
        Refuse(Bytes("words", [3], "x", "y", "z"), Longs("lengths", 4, -1));
        Refuse(Bytes("words", [3], "x", "y", "z"), Longs("lengths", 2, long.MaxValue));
        Refuse(new Tensor("text", DataType.String, [1], BytesTensor.Join([new byte[] { 0xC3 }])));
        Assert.Equal(2, RecordReader.Read(new InferRequest(string.Empty, [Bytes("text", [2, 1], "x", "y")], [], false, null)).Count);
    }

    private static void Refuse(params Tensor[] inputs) => Assert.Throws<ProblemException>(() => RecordReader.Read(new InferRequest(string.Empty, inputs, [], false, null)));

    private static IReadOnlyList<DatasetRecord> RoundTrip(DatasetRecord[] records) =>
        RecordReader.Read(new InferRequest(string.Empty, RecordWriter.Write(records), [], false, null));

    private static TextRecord Text(int index, string text, string? pair) => new(new(index, 0), text, pair, null, []);

    private static WordsRecord Words(int index, params string[] words) => new(new(index, 0), words, null, []);

    private static Tensor Bytes(string name, long[] shape, params string[] values) =>
        new(name, DataType.String, shape, BytesTensor.Join([.. values.Select(value => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(value))]));

    private static Tensor Longs(string name, params long[] values) =>
        new(name, DataType.Int64, [values.Length], System.Runtime.InteropServices.MemoryMarshal.AsBytes<long>(values).ToArray());
}
