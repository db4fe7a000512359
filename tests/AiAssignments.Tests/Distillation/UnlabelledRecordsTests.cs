using System.Text;
using AiAssignments.Core.Datasets;
using AiAssignments.Core.Models;
using AiAssignments.Pipeline.Optimizations.Distillation;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Distillation;

/// <summary>Files of which a part has labels, as they come to who teaches a student: what has none is learned from the teacher.</summary>
public sealed class UnlabelledRecordsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("a.jsonl", """{"text":"one","label":"x"}|{"text":"two"}|{"label":null,"text":"three"}|{"text":"four","label":" "}|{"text":"five","label":0}|{"text":"six","label":["x"]}|{"label":"y"}""", "x,-,-,-,0", 2)]
    [InlineData("a.csv", "text,label|one,x|two,|three, |four,y|five", "x,-,-,y", 1)]
    [InlineData("a.tsv", "sentence\tlabel|one\t1|two\t|three\t0", "1,-,0", 0)]
    public async Task Texts_without_a_label_among_others_are_records(string name, string lines, string labels, int bad)
    {
        var dataset = await ReadAsync(name, lines, ModelTask.TextClassification);

        Assert.Equal(labels.Split(','), dataset.Records.Select(record => ((TextRecord)record).Label ?? "-"));
        Assert.Equal(bad, dataset.BadRecords);
    }

    [Fact]
    public async Task So_are_sentences_without_tags()
    {
        var dataset = await ReadAsync(
            "a.jsonl", """{"tokens":["A","b"],"ner_tags":["B-X","O"]}|{"tokens":["c"]}|{"tokens":["d","e"],"ner_tags":null}|{"tokens":["f"],"ner_tags":["O","O"]}""", ModelTask.TokenClassification);

        Assert.Equal([2, -1, -1], dataset.Records.Select(record => ((WordsRecord)record).Tags?.Count ?? -1));
        Assert.Equal(1, dataset.BadRecords);
    }

    private async Task<DistillationDataset> ReadAsync(string name, string lines, ModelTask task)
    {
        var path = folder.File(name);
        await File.WriteAllTextAsync(path, lines.Replace('|', '\n') + "\n", new UTF8Encoding(false));
        return await DistillationDataset.ReadAsync(new FileDataSource(path), "hash", DatasetOptions.Default with { Task = task }, CancellationToken.None);
    }
}
