using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiAssignments.Tests.Support;

namespace AiAssignments.IntegrationTests.Page;

/// <summary>The topic model under another name, zipped.</summary>
internal static class ModelZip
{
    public static string Write(string path, string name, string version, string description)
    {
        var source = Path.Combine(RepositoryRoot.Path, "src", "AiAssignments.Local", "models", "topic");
        using var zip = ZipFile.Open(path, ZipArchiveMode.Create);
        zip.CreateEntryFromFile(Path.Combine(source, "model.onnx"), "model.onnx");
        var card = JsonNode.Parse(File.ReadAllText(Path.Combine(source, "model-card.json")))!;
        (card["name"], card["version"], card["description"]) = (name, version, description);
        using var writer = new Utf8JsonWriter(zip.CreateEntry("model-card.json").Open());
        card.WriteTo(writer);
        return path;
    }
}
