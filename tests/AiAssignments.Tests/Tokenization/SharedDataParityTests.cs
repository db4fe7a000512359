using System.Formats.Tar;
using System.IO.Compression;
using AiAssignments.Core.Models;
using AiAssignments.Inference.Tokenization;
using AiAssignments.Tests.Support;
using AiAssignments.Tests.Tokenization.Reference;

namespace AiAssignments.Tests.Tokenization;

/// <summary>Parity on published vocabularies and benchmark texts, read in place.</summary>
public sealed class SharedDataParityTests
{
    private const string Uncased = "tokenizers/bert-base-uncased/tokenizer.json";
    private const string Ner = "tokenizers/bert-base-ner/tokenizer.json";

    [ReferenceFact(Uncased, "agnews/train_subset.csv")]
    public void News_is_encoded_as_the_reference_does()
    {
        Parity.Check(SharedData.PathOf(Uncased), Lines("agnews/train_subset.csv", 1));
        Parity.Check(Definitions.PathOf("roberta"), Lines("agnews/train_subset.csv", 4));
    }

    [ReferenceFact(Uncased, "sst2/train.tsv")]
    public void Film_phrases_are_encoded_as_the_reference_does() => Parity.Check(SharedData.PathOf(Uncased), Lines("sst2/train.tsv", 2));

    [ReferenceFact(Uncased, "imdb/aclImdb_train.tar.gz")]
    public void Reviews_are_encoded_and_truncated_as_the_reference_does()
    {
        var reviews = Reviews(2000);
        Parity.Check(SharedData.PathOf(Uncased), reviews);
        Parity.Check(SharedData.PathOf(Uncased), reviews, 128, "{\"maxLength\":128,\"strategy\":\"LongestFirst\",\"stride\":0}");
        Parity.Check(Definitions.PathOf("gpt2"), reviews.Take(500));
    }

    [ReferenceFact(Ner, "conll2003/eng.testa")]
    public void Sentences_given_as_words_are_encoded_as_the_reference_does()
    {
        var sentences = Sentences();
        Parity.Check(SharedData.PathOf(Ner), sentences);
        Parity.Check(Definitions.PathOf("roberta-prefix"), sentences.Take(500));
    }

    [ReferenceFact(Uncased)]
    public void The_corpus_is_encoded_as_the_reference_does_with_the_published_vocabulary() =>
        Parity.Check(SharedData.PathOf(Uncased), Corpus.Texts().Concat(Corpus.Pairs()).Concat(Corpus.Words()));

    [SharedDataFact(Uncased, "sst2/train.tsv")]
    public void Vocabulary_files_give_the_same_tokenizer_as_its_json()
    {
        var folder = SharedData.PathOf("tokenizers/bert-base-uncased");
        var fromJson = TokenizerLoader.Load(folder, new TokenizerSpec("huggingface", 512));
        var fromFiles = TokenizerLoader.Load(folder, new TokenizerSpec("wordpiece", 512));
        Assert.Equal(fromJson.PadId, fromFiles.PadId);
        var encoding = new Encoding();
        foreach (var input in Corpus.Texts().Concat(Corpus.Pairs()).Concat(Lines("sst2/train.tsv", 20)))
        {
            var expected = EncodingText.Full(EncodingText.Encode(fromJson, input, 512, encoding));
            Assert.Equal(expected, EncodingText.Full(EncodingText.Encode(fromFiles, input, 512, encoding)));
        }
    }

    private static IEnumerable<ReferenceInput> Lines(string path, int every) =>
        File.ReadLines(SharedData.PathOf(path)).Where((_, i) => i % every == 0).Select(line => new ReferenceInput(line));

    private static List<ReferenceInput> Reviews(int count)
    {
        using var tar = new TarReader(new GZipStream(File.OpenRead(SharedData.PathOf("imdb/aclImdb_train.tar.gz")), CompressionMode.Decompress));
        var reviews = new List<ReferenceInput>();
        while (reviews.Count < count && tar.GetNextEntry() is { } entry)
        {
            if (entry.DataStream is { Length: > 0 } stream)
            {
                using var reader = new StreamReader(stream);
                reviews.Add(new ReferenceInput(reader.ReadToEnd()));
            }
        }

        return reviews;
    }

    private static List<ReferenceInput> Sentences()
    {
        var sentences = new List<ReferenceInput>();
        var words = new List<string>();
        foreach (var line in File.ReadLines(SharedData.PathOf("conll2003/eng.testa")))
        {
            if (line.Length > 0)
            {
                words.Add(line.Split(' ')[0]);
            }
            else if (words.Count > 0)
            {
                sentences.Add(new ReferenceInput(string.Empty, null, [.. words]));
                words.Clear();
            }
        }

        return sentences;
    }
}
