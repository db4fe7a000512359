using System.CommandLine;
using System.Globalization;
using AiAssignments.Core.Errors;
using AiAssignments.Embedded;
using AiAssignments.Embedded.Documents;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Access.Keys;
using AiAssignments.Terminal;

namespace AiAssignments.Cli.Commands;

/// <summary><c>aia keys</c>: list; <c>create NAME</c>; <c>rotate ID</c>; <c>delete ID</c>. Over the data folder of a server that does not run; a running one has <c>/api/keys</c>.</summary>
internal static class KeysCommand
{
    public static Command Create()
    {
        var command = new Command("keys", "List the API keys of a data folder, without their secrets.");
        var common = new CommonOptions(command);
        command.SetAction((parsed, cancellationToken) => WithKeysAsync(common, parsed, async keys =>
        {
            var all = await keys.AllAsync(cancellationToken).OrderBy(key => key.CreatedAt).ToListAsync(cancellationToken).ConfigureAwait(false);
            if (common.Json(parsed))
            {
                CommandLine.WriteJson(all.Select(key => Facts(key, null)));
                return;
            }

            foreach (var key in all)
            {
                await Console.Out.WriteLineAsync(Line(key)).ConfigureAwait(false);
            }
        }));
        command.Subcommands.Add(Make());
        command.Subcommands.Add(Rotate());
        command.Subcommands.Add(Delete());
        return command;
    }

    private static Command Make()
    {
        var name = new Argument<string>("NAME") { Description = "What the key is for." };
        var scope = new Option<string>("--scope") { Description = "read, write or admin; each includes the ones before it.", DefaultValueFactory = _ => "read" };
        var expires = new Option<string?>("--expires") { Description = "When it ends: a date (2027-01-31), or a number of days (90d). Default: never." };
        var command = new Command("create", "Make an API key. It is shown once.") { name, scope, expires };
        var common = new CommonOptions(command);
        command.SetAction((parsed, cancellationToken) => WithKeysAsync(common, parsed, async keys =>
        {
            var wanted = new NewKey(parsed.GetValue(name)!, AccessScopes.Parse(parsed.GetValue(scope)), EndOf(parsed.GetValue(expires), DateTimeOffset.UtcNow));
            await ShowAsync(await keys.CreateAsync(wanted, cancellationToken).ConfigureAwait(false), common.Json(parsed)).ConfigureAwait(false);
        }));
        return command;
    }

    private static Command Rotate()
    {
        var id = new Argument<string>("ID") { Description = "The key's id." };
        var overlap = new Option<int>("--overlap") { Description = "Seconds for which the old secret is taken too, 0 to 2592000. Default: 0." };
        var command = new Command("rotate", "Give a key a new secret. It is shown once.") { id, overlap };
        var common = new CommonOptions(command);
        command.SetAction((parsed, cancellationToken) => WithKeysAsync(common, parsed, async keys =>
        {
            var issued = await keys.RotateAsync(parsed.GetValue(id)!, TimeSpan.FromSeconds(parsed.GetValue(overlap)), cancellationToken).ConfigureAwait(false);
            await ShowAsync(issued, common.Json(parsed)).ConfigureAwait(false);
        }));
        return command;
    }

    private static Command Delete()
    {
        var id = new Argument<string>("ID") { Description = "The key's id." };
        var command = new Command("delete", "Delete a key: it opens nothing from then on.") { id };
        var common = new CommonOptions(command);
        command.SetAction((parsed, cancellationToken) => WithKeysAsync(common, parsed, async keys =>
        {
            var given = parsed.GetValue(id)!;
            if (!await keys.DeleteAsync(given, cancellationToken).ConfigureAwait(false))
            {
                throw new ProblemException("key-not-found", $"No key has the id '{given}'.");
            }

            if (common.Json(parsed))
            {
                CommandLine.WriteJson(new { Id = given, Done = "delete" });
            }
            else
            {
                await Console.Out.WriteLineAsync($"deleted {given}").ConfigureAwait(false);
            }
        }));
        return command;
    }

    // The documents alone: models and evaluations need not wake up for this.
    private static async Task<int> WithKeysAsync(CommonOptions common, ParseResult parsed, Func<ApiKeys, Task> act)
    {
        using var folder = DataFolder.Open(common.DataFolder(parsed));
        using var documents = new SqliteDocumentStore(folder.DocumentsFile);
        await act(new ApiKeys(documents, TimeProvider.System)).ConfigureAwait(false);
        return ExitCodes.Done;
    }

    private static async Task ShowAsync(IssuedKey issued, bool json)
    {
        if (json)
        {
            CommandLine.WriteJson(Facts(issued.Key, issued.Text));
            return;
        }

        // The key alone on the output, for a pipe; the rest beside it.
        await Console.Error.WriteLineAsync($"{Line(issued.Key)}; the key is shown this once:").ConfigureAwait(false);
        await Console.Out.WriteLineAsync(issued.Text).ConfigureAwait(false);
    }

    private static object Facts(ApiKey key, string? text) => new
    {
        key.Id,
        key.Name,
        Scopes = AccessScopes.Including(key.Scope),
        Key = text,
        key.CreatedAt,
        key.RotatedAt,
        key.ExpiresAt,
        key.LastUsedAt,
        key.PreviousUntil,
    };

    private static string Line(ApiKey key)
    {
        var end = key.ExpiresAt is { } at ? string.Create(CultureInfo.InvariantCulture, $"until {at:yyyy-MM-dd}") : "without end";
        return $"{key.Id}  {key.Scope.Name(),-5}  {SafeText.Of(key.Name)}  {end}";
    }

    private static DateTimeOffset? EndOf(string? text, DateTimeOffset now)
    {
        if (text is null)
        {
            return null;
        }

        return text.EndsWith('d') && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= 36_500 ? now.AddDays(days)
            : DateTimeOffset.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date
            : throw new ProblemException("option-invalid", $"--expires is '{text}'; it must be a date like 2027-01-31 or a number of days like 90d.");
    }
}
