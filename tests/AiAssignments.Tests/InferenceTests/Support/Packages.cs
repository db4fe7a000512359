using System.Globalization;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Errors;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Models;
using AiAssignments.Onnx;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.InferenceTests.Support;

/// <summary>Model folders and records for tests.</summary>
internal static class Packages
{
    public static ModelCard Card(ModelTask task, int labels, int maxLength = 16, int? stride = null) => new()
    {
        Name = "tiny",
        Version = "1",
        Task = task,
        Labels = [.. Enumerable.Range(0, labels).Select(i => i == 0 && task == ModelTask.TokenClassification ? "O" : $"label{i}")],
        Tokenizer = task == ModelTask.ImageClassification ? null : new("wordpiece", maxLength, stride),
        Image = task == ModelTask.ImageClassification ? new(4, 4, 3, "NCHW", "RGB", 1.0 / 255, [0, 0, 0], [1, 1, 1]) : null,
    };

    public static ModelPackage Open(TemporaryFolder folder, ModelProto model, ModelCard card)
    {
        model.Write(folder.File("model.onnx"));
        File.WriteAllText(folder.File("model-card.json"), ModelCardJson.Write(card));
        return ModelFolder.Open(folder.Path);
    }

    public static TextRecord Text(int index, string text) => new(new(index, index * 10), text, null, null, []);

    public static WordsRecord Words(int index, params string[] words) => new(new(index, index * 10), words, null, []);

    public static List<DatasetRecord> RandomTexts(int count, int longest, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => (DatasetRecord)Text(i, string.Join(' ', Enumerable.Range(0, random.Next(0, longest)).Select(_ => random.Next(3, TinyGraphs.Vocabulary).ToString(CultureInfo.InvariantCulture)))))];
    }

    public static Problem Refused(Action action) => Assert.Throws<ProblemException>(action).Problem;
}
