using System.Text.RegularExpressions;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Functions;

/// <summary>The functions of the Functions app, read from its source: it is compiled only where the feed serves its packages.</summary>
internal static partial class FunctionSource
{
    public static string Folder { get; } = Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Functions");

    /// <summary>Each function: its name, its trigger, and the text up to the next one.</summary>
    public static IReadOnlyList<(string Name, string Trigger, string Text)> All { get; } = [.. Read()];

    /// <summary>HTTP functions with their methods and route.</summary>
    public static IReadOnlyList<HttpFunction> Http { get; } =
        [.. All.Where(function => function.Trigger == "HttpTrigger").Select(function => Parse(function.Name, function.Text))];

    private static IEnumerable<(string, string, string)> Read()
    {
        foreach (var file in Directory.EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains("/obj/", StringComparison.Ordinal)))
        {
            var text = File.ReadAllText(file);
            var found = Function().Matches(text);
            for (var index = 0; index < found.Count; index++)
            {
                var end = index + 1 < found.Count ? found[index + 1].Index : text.Length;
                var body = text[found[index].Index..end];
                var name = found[index].Groups["name"].Value;
                yield return (name.StartsWith('"') ? name.Trim('"') : Constant(name), Trigger().Match(body).Groups["trigger"].Value, body);
            }
        }
    }

    private static string Constant(string name) => name switch
    {
        "DurableNames.FanOut" => AiAssignments.Azure.Durable.DurableNames.FanOut,
        "DurableNames.Join" => AiAssignments.Azure.Durable.DurableNames.Join,
        "GatewayFront.Unrouted" => AiAssignments.Http.Routing.GatewayFront.Unrouted,
        _ => throw new InvalidOperationException(name),
    };

    private static HttpFunction Parse(string name, string text)
    {
        var trigger = Http1().Match(text);
        Assert.True(trigger.Success, $"{name} has no HTTP trigger as all have it.");
        return new HttpFunction(name, [.. trigger.Groups["methods"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(method => method.Trim('"').ToUpperInvariant())], trigger.Groups["route"].Value, text);
    }

    [GeneratedRegex(@"\[Function\((?<name>[^)]+)\)\]")]
    private static partial Regex Function();

    [GeneratedRegex(@"\[(?<trigger>\w+Trigger)\b")]
    private static partial Regex Trigger();

    [GeneratedRegex(@"\[HttpTrigger\(AuthorizationLevel\.Anonymous, (?<methods>(?:""\w+"", )+)Route = ""(?<route>[^""]*)""\)\] HttpRequest request")]
    private static partial Regex Http1();
}

internal sealed record HttpFunction(string Name, IReadOnlyList<string> Methods, string Route, string Text);
