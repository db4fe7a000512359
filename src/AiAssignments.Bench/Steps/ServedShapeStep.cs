using System.Text;
using System.Text.Json;
using AiAssignments.Bench.Running;
using AiAssignments.Bench.Table;
using AiAssignments.LoadTesting.Requests;
using AiAssignments.Onnx.Shapes;
using Google.Protobuf;

namespace AiAssignments.Bench.Steps;

/// <summary>
/// The model service with a model of real size: a DistilBERT of random weights with a made-up vocabulary, registered with a private installation, and asked over HTTP about
/// texts of 20 to 40 tokens that were never asked before. The sample models are so small that serving them says little of what serving costs.
/// </summary>
internal sealed class ServedShapeStep : IBenchStep
{
    private const string Model = "distilbert-shape";
    private const int Vocabulary = 30_522;
    private const int Shortest = 20;
    private const int Longest = 40;

    private static readonly string[] Special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    private readonly LoadStep load = new(new LoadScenario
    {
        Id = "inference-distilbert",
        Subject = "Model service (DistilBERT shape, random weights, 20 to 40 tokens, each text new)",
        Path = Path,
        ContentType = "application/json",
        Requests = (_, run) => new MadeRequests(ordinal => new LoadRequest("POST", Path, Body(run, ordinal))),
        Users = 16,
        Rate = 1_000,
        Connections = 500,
    });

    private static string Path => $"/api/models/{Model}/predict";

    public string Name => load.Name;

    public IReadOnlySet<BenchSection> Sections => load.Sections;

    public bool Writes => true;

    public async Task PrepareAsync(BenchContext context, CancellationToken cancellationToken)
    {
        var file = System.IO.Path.GetTempFileName();
        try
        {
            await Task.Run(
                () =>
                {
                    using var stream = File.Create(file);
                    BertShape.Build(new BertOptions(6, 768, 12, 3072, Vocabulary), 1).WriteTo(stream);
                },
                cancellationToken).ConfigureAwait(false);
            using var content = new MultipartFormDataContent
            {
                { new StreamContent(File.OpenRead(file)), "file", "model.onnx" },
                { new ByteArrayContent(Encoding.ASCII.GetBytes(string.Join('\n', Special.Concat(Enumerable.Range(0, Vocabulary - Special.Length).Select(Word))))), "file", "vocab.txt" },
            };
            await context.Installation.PostAsync($"/api/models?name={Model}&version=1&task=text-classification&labels=no,yes&maxLength=128", content, cancellationToken).ConfigureAwait(false);
            await context.Installation.PostAsync(Path, Body("first", 0), "application/json", cancellationToken).ConfigureAwait(false);
            await load.PrepareAsync(context, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            File.Delete(file);
        }
    }

    public Task RunAsync(BenchContext context, int round, CancellationToken cancellationToken) => load.RunAsync(context, round, cancellationToken);

    public Task CleanAsync(BenchContext context, CancellationToken cancellationToken) => load.CleanAsync(context, cancellationToken);

    // Four letters each, so that each is one token.
    private static string Word(int number)
    {
        Span<char> letters = stackalloc char[4];
        for (var at = 0; at < letters.Length; at++)
        {
            letters[at] = (char)('a' + (number % 26));
            number /= 26;
        }

        return new string(letters);
    }

    private static byte[] Body(string run, long ordinal)
    {
        var random = new Random(HashCode.Combine(string.GetHashCode(run, StringComparison.Ordinal), ordinal));
        var words = random.Next(Shortest, Longest + 1) - 2;
        var text = string.Join(' ', Enumerable.Range(0, words).Select(_ => Word(random.Next(Vocabulary - Special.Length))));
        return JsonSerializer.SerializeToUtf8Bytes(new { text }, JsonSerializerOptions.Web);
    }
}
