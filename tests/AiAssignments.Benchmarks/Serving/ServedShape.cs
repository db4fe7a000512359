using AiAssignments.Core.Models;
using AiAssignments.Inference.Models;
using AiAssignments.Inference.Tokenization;
using AiAssignments.Onnx.Shapes;
using Google.Protobuf;

namespace AiAssignments.Benchmarks.Serving;

/// <summary>A DistilBERT shape of seeded random weights (6 layers, hidden 768, 12 heads), the vocabulary of BERT, and texts of 20 to 40 tokens.</summary>
internal sealed class ServedShape : IDisposable
{
    private const int Shortest = 20;
    private const int Longest = 40;
    private readonly string folder = Directory.CreateTempSubdirectory("aia-serving-").FullName;

    public ServedShape(string sharedData, int texts)
    {
        using (var file = File.Create(Path.Combine(folder, "model.onnx")))
        {
            BertShape.Build(new(Layers: 6, Hidden: 768, Heads: 12, Intermediate: 3072), 1).WriteTo(file);
        }

        var card = new ModelCard { Name = "distilbert-shape", Version = "1", Task = ModelTask.TextClassification, Labels = ["no", "yes"], Tokenizer = new("huggingface", 128) };
        File.WriteAllText(Path.Combine(folder, ModelCardJson.FileName), ModelCardJson.Write(card));
        Package = ModelFolder.Open(folder, new ModelOverrides { TokenizerFolder = Path.Combine(sharedData, "tokenizers", "bert-base-uncased") });
        Tokenizer = TokenizerLoader.Load(Package.TokenizerFolder, Package.Card.Tokenizer!);
        Texts = Cut(sharedData, texts);
        Rows = Texts.ConvertAll(Ids);
    }

    public ModelPackage Package { get; }

    public ITokenizer Tokenizer { get; }

    public List<string> Texts { get; }

    /// <summary>The texts' ids.</summary>
    public List<int[]> Rows { get; }

    public int[] Ids(string text)
    {
        var encoding = new Encoding();
        Tokenizer.Encode(text, default, false, 128, encoding);
        return encoding.Ids.ToArray();
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    // News of any length, cut at a word so that lengths are spread evenly.
    private List<string> Cut(string sharedData, int count)
    {
        var random = new Random(7);
        var texts = new List<string>(count);
        foreach (var line in File.ReadLines(Path.Combine(sharedData, "agnews", "train_subset.csv")))
        {
            var words = line.Length > 6 ? line[5..^1].Split(' ') : [];
            var wanted = random.Next(Shortest, Longest + 1);
            for (var end = words.Length; end > 0 && texts.Count < count; end--)
            {
                var text = string.Join(' ', words.AsSpan(0, end));
                var length = Ids(text).Length;
                if (length <= wanted)
                {
                    if (length >= Shortest)
                    {
                        texts.Add(text);
                    }

                    break;
                }
            }

            if (texts.Count == count)
            {
                break;
            }
        }

        return texts;
    }
}
