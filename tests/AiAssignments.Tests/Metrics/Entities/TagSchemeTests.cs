using AiAssignments.Core.Errors;
using AiAssignments.Evaluation.Metrics.Entities;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Metrics.Entities;

public sealed class TagSchemeTests
{
    [Theory]
    [InlineData("IOB1", "I-PER I-PER O I-LOC B-LOC")]
    [InlineData("IOB1", "I-PER I-LOC")]
    [InlineData("IOB2", "B-PER I-PER O B-LOC B-LOC")]
    [InlineData("IOB2", "B-PER O B-LOC O I-MISC")]
    [InlineData("IOB2", "O O")]
    [InlineData("IOBES", "S-PER O O")]
    [InlineData("IOBES", "B-PER E-PER O")]
    public void Recognized_from_a_sentence(string scheme, string tags) =>
        Assert.Equal(scheme, TagScheme.Detect([tags.Split(' ')]).Name);

    [Theory]
    [InlineData("IOB2", "O B-PER I-PER B-LOC I-LOC")]
    [InlineData("IOB2", "O B-MISC I-MISC I-PER B-PER")]
    [InlineData("IOB1", "O I-PER B-LOC I-LOC")]
    [InlineData("IOBES", "O B-PER I-PER E-PER S-PER")]
    [InlineData("IOB2", "positive negative")]
    public void Recognized_from_labels(string scheme, string labels) =>
        Assert.Equal(scheme, TagScheme.DetectLabels(labels.Split(' ')).Name);

    [Fact]
    public void Unknown_names_are_refused()
    {
        Assert.Equal("tag-scheme-unknown", Assert.Throws<ProblemException>(() => TagScheme.Parse("BILOU")).Problem.Code);
        Assert.Equal("entity-mode-unknown", Assert.Throws<ProblemException>(() => EntityMode.Parse("strict")).Problem.Code);
    }

    [SharedDataFact("conll2003/eng.testa")]
    public void CoNLL_2003_is_IOB1()
    {
        var sentences = File.ReadAllText(SharedData.PathOf("conll2003/eng.testa"))
            .Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
            .Select(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[^1]).ToArray())
            .ToList();
        Assert.Equal(TagScheme.Iob1, TagScheme.Detect(sentences));

        // 5,942 entities, the figure of the shared task's paper (Tjong Kim Sang and De Meulder 2003, table 2: 1,837 + 1,341 + 922 + 1,842).
        Assert.Equal(5942, sentences.Sum(tags => EntityMode.Conlleval.Read(tags, TagScheme.Iob1).Count));
    }
}
