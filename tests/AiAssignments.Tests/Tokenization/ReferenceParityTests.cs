using AiAssignments.Tests.Tokenization.Reference;

namespace AiAssignments.Tests.Tokenization;

/// <summary>Ids, offsets, word ids and type ids against Hugging Face's own tokenizers, run live: not one may differ.</summary>
public sealed class ReferenceParityTests
{
    public static TheoryData<string> All => [.. Definitions.Names];

    [ReferenceTheory]
    [MemberData(nameof(All))]
    public void Texts_pairs_and_words_are_encoded_as_the_reference_does(string definition) =>
        Parity.Check(Definitions.PathOf(definition), Corpus.Texts().Concat(Corpus.Pairs()).Concat(Corpus.Words()));

    [ReferenceTheory]
    [InlineData("bytes-bert")]
    [InlineData("roberta")]
    public void Every_code_point_is_encoded_as_the_reference_does(string definition) =>
        Parity.Check(Definitions.PathOf(definition), Corpus.BlocksOf(definition).SelectMany(Corpus.CodePoints));

    [ReferenceTheory]
    [InlineData("bert-uncased", 8, "LongestFirst")]
    [InlineData("bert-uncased", 9, "LongestFirst")]
    [InlineData("wordpiece-cased", 16, "LongestFirst")]
    [InlineData("roberta", 5, "LongestFirst")]
    [InlineData("roberta", 13, "LongestFirst")]
    [InlineData("roberta-prefix", 32, "LongestFirst")]
    [InlineData("gpt2", 7, "LongestFirst")]
    [InlineData("gpt2", 64, "LongestFirst")]
    [InlineData("bytes-nfd", 11, "LongestFirst")]
    public void Truncation_is_the_references(string definition, int maxLength, string strategy) => Parity.Check(
        Definitions.PathOf(definition),
        Corpus.Texts().Concat(Corpus.Pairs()),
        maxLength,
        $"{{\"maxLength\":{maxLength},\"strategy\":\"{strategy}\",\"stride\":0}}");
}
