using System.Text.Json.Nodes;
using AiAssignments.Pipeline.Access;
using AiAssignments.Pipeline.Access.Tokens;
using AiAssignments.Tests.Support;

namespace AiAssignments.Tests.Infrastructure;

/// <summary>The hooks of azd, run with commands that stand for az and azd.</summary>
public sealed class HookTests
{
    private static readonly (string, string)[] Provisioned =
    [
        ("AZURE_ENV_NAME", "test"), ("AZURE_RESOURCE_GROUP", "rg-test"), ("AZURE_FUNCTION_APP_NAME", "func-x"), ("AIA_EVENT_TOPIC", "egst-x"),
        ("AIA_DATA_ACCOUNT_ID", "/data"), ("AIA_HOOK_PAUSE", "0"), ("AIA_FUNCTIONS_PRINCIPAL_ID", "functions-id"), ("AIA_API_CLIENT_ID", "client-id"),
        ("AIA_URL", "https://page.example"),
    ];

    [UnixFact]
    public async Task Drops_are_subscribed_to_with_the_calls_that_leave_a_blob_whole()
    {
        using var commands = new FakeCommands();
        commands.Add("az", "case \"$all\" in *'keys list'*) echo the+key==;; esac");

        var (code, output) = await commands.RunAsync("hooks/postdeploy.sh", Provisioned);

        Assert.True(code == 0, output);
        var made = commands.Calls.Where(call => call.Contains("event-subscription|create", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, made.Count);
        Assert.All(made, call =>
        {
            Assert.Contains("|--included-event-types|Microsoft.Storage.BlobCreated|", call);
            Assert.Contains("|--advanced-filter|data.api|StringIn|FlushWithClose|PutBlob|PutBlockList|CopyBlob|", call);
            Assert.Contains("|--deadletter-identity|systemassigned|--deadletter-identity-endpoint|/data/blobServices/default/containers/deadletters|", call);
        });
        Assert.Contains("functionName=Host.Functions.DatasetArrived&code=the+key==|", made[0]);
        Assert.Contains("|--subject-begins-with|/blobServices/default/containers/datasets/blobs/|", made[0]);
        Assert.Contains("functionName=Host.Functions.ModelArrived&code=the+key==|", made[1]);
        Assert.Contains("|--subject-begins-with|/blobServices/default/containers/models/blobs/|", made[1]);
        Assert.DoesNotContain("the+key", output);
        Assert.Contains("https://page.example", output);
    }

    [UnixFact]
    public async Task A_key_that_does_not_come_is_said_and_nothing_is_made()
    {
        using var commands = new FakeCommands();
        commands.Add("az", ":");
        commands.Add("curl", ":");

        var (code, output) = await commands.RunAsync("hooks/postdeploy.sh", Provisioned);

        Assert.Equal(1, code);
        Assert.Contains("no key for blob events", output);
        Assert.DoesNotContain(commands.Calls, call => call.Contains("create", StringComparison.Ordinal));
        Assert.Contains(commands.Calls, call => call.StartsWith("curl|", StringComparison.Ordinal) && call.Contains("https://func-x.azurewebsites.net/api/health/live", StringComparison.Ordinal));
    }

    [UnixFact]
    public async Task The_application_registration_is_made_once_and_has_no_secret()
    {
        using var commands = new FakeCommands();
        commands.Add("azd", ":");
        commands.Add("az", "case \"$all\" in *'app create'*) echo new-client;; *'app show'*) echo object-id;; *'sp show'*) exit 1;; esac");

        var (code, output) = await commands.RunAsync("hooks/preprovision.sh", ("AZURE_ENV_NAME", "test"));

        Assert.True(code == 0, output);
        Assert.Contains(commands.Calls, call => call.StartsWith("az|ad|app|create|--display-name|aia-test|", StringComparison.Ordinal));
        Assert.Contains(commands.Calls, call => call.Contains("\"requestedAccessTokenVersion\":2", StringComparison.Ordinal) && call.Contains("api://new-client", StringComparison.Ordinal));

        // A person's token comes through the Azure CLI: its permission is there first, and then it is authorized for it.
        var bodies = commands.Calls.Where(call => call.Contains("|PATCH|", StringComparison.Ordinal)).Select(call => JsonNode.Parse(call.Split("|--body|")[1].Split("|--output")[0])!["api"]!).ToList();
        var scope = (string)bodies[0]["oauth2PermissionScopes"]![0]!["id"]!;
        Assert.Null(bodies[0]["preAuthorizedApplications"]);
        Assert.Equal(scope, (string?)bodies[1]["oauth2PermissionScopes"]![0]!["id"]);
        Assert.Equal((string?)"04b07795-8ddb-461a-bbee-02f9e1bf7b46", (string?)bodies[1]["preAuthorizedApplications"]![0]!["appId"]);
        Assert.Equal(scope, (string?)bodies[1]["preAuthorizedApplications"]![0]!["delegatedPermissionIds"]![0]);
        Assert.DoesNotContain(JsonNode.Parse(InfraFiles.Read("hooks", "app-roles.json"))!.AsArray(), role => (string?)role!["id"] == scope);
        Assert.Contains(commands.Calls, call => call.StartsWith("az|ad|sp|create|--id|new-client", StringComparison.Ordinal));
        Assert.Contains(commands.Calls, call => call.TrimEnd() == "azd|env|set|AIA_API_CLIENT_ID|new-client");
        Assert.DoesNotContain(commands.Calls, call => call.Contains("credential", StringComparison.Ordinal) || call.Contains("password", StringComparison.Ordinal));

        using var again = new FakeCommands();
        again.Add("azd", ":");
        again.Add("az", "case \"$all\" in *'app list'*) echo old-client;; *'show'*) echo object-id;; esac");
        Assert.Equal(0, (await again.RunAsync("hooks/preprovision.sh", ("AZURE_ENV_NAME", "test"))).Code);
        Assert.DoesNotContain(again.Calls, call => call.Contains("|create|", StringComparison.Ordinal));
        Assert.Contains(again.Calls, call => call.TrimEnd() == "azd|env|set|AIA_API_CLIENT_ID|old-client");
    }

    [UnixFact]
    public async Task The_application_registration_can_be_left_out()
    {
        using var commands = new FakeCommands();
        commands.Add("az", "exit 1");
        commands.Add("azd", ":");

        var (code, output) = await commands.RunAsync("hooks/preprovision.sh", ("AZURE_ENV_NAME", "test"), ("AIA_ENTRA", "false"));

        // Somebody must get in all the same: a key is made, as the app takes it, and not shown.
        Assert.True(code == 0, output);
        var key = commands.Calls[0].TrimEnd().Split('|')[^1];
        var hash = commands.Calls[1].TrimEnd().Split('|')[^1];
        Assert.Equal([$"azd|env|set|AIA_ADMIN_KEY|{key}", $"azd|env|set|AIA_ADMIN_KEY_HASH|{hash}"], commands.Calls.Select(call => call.TrimEnd()));
        Assert.Matches("^[0-9a-f]{64}$", key);
        Assert.DoesNotContain(key, output);
        Assert.Equal(
            AccessSettings.Read(name => name == "auth" ? "keys" : null, key, loopback: false).AdminKeyHash!.Value.ToArray(),
            AccessSettings.Read(name => name == "auth" ? "keys" : name == "admin-key-hash" ? hash : null, null, loopback: false).AdminKeyHash!.Value.ToArray());

        using var again = new FakeCommands();
        again.Add("azd", ":");
        Assert.Equal(0, (await again.RunAsync("hooks/preprovision.sh", ("AZURE_ENV_NAME", "test"), ("AIA_ENTRA", "false"), ("AIA_ADMIN_KEY", key))).Code);
        Assert.Equal($"azd|env|set|AIA_ADMIN_KEY_HASH|{hash}", Assert.Single(again.Calls).TrimEnd());
    }

    [UnixFact]
    public async Task Who_deploys_may_make_keys()
    {
        await DeployedAsync(signedIn: "someone", given: null, administrator: "someone");
        await DeployedAsync(signedIn: "someone", given: "given", administrator: "given");
        await DeployedAsync(signedIn: null, given: null, administrator: null);
    }

    [UnixFact]
    public async Task The_image_is_built_in_the_registry_once_a_commit()
    {
        using var commands = new FakeCommands();
        commands.Add("azd", ":");
        commands.Add("git", "case \"$all\" in *rev-parse*) echo 0123456789ab;; esac");
        commands.Add("az", "case \"$all\" in *'sp show'*) echo sp-id;; *'manifest show'*) exit 1;; *'method GET'*) echo present;; esac");
        (string, string)[] environment = [.. Provisioned, ("AIA_REGISTRY", "crx"), ("AIA_REGISTRY_SERVER", "crx.azurecr.io")];

        var (code, output) = await commands.RunAsync("hooks/postprovision.sh", environment);

        Assert.True(code == 0, output);
        Assert.Contains(commands.Calls, call => call.StartsWith("az|acr|build|--registry|crx|--image|inference-server:0123456789ab-cuda|--file|src/AiAssignments.InferenceServer/Dockerfile|--target|cuda|", StringComparison.Ordinal));
        Assert.Contains(commands.Calls, call => call.TrimEnd() == "azd|env|set|AIA_INFERENCE_IMAGE|crx.azurecr.io/inference-server:0123456789ab-cuda");
        // Roles that are there are not given again.
        Assert.DoesNotContain(commands.Calls, call => call.Contains("|POST|", StringComparison.Ordinal));

        using var again = new FakeCommands();
        again.Add("azd", ":");
        again.Add("git", "case \"$all\" in *rev-parse*) echo 0123456789ab;; esac");
        again.Add("az", "case \"$all\" in *'sp show'*) echo sp-id;; esac");
        Assert.Equal(0, (await again.RunAsync("hooks/postprovision.sh", environment)).Code);
        Assert.DoesNotContain(again.Calls, call => call.Contains("|build|", StringComparison.Ordinal));
        Assert.Contains(again.Calls, call => call.Contains("|POST|", StringComparison.Ordinal) && call.Contains("\"principalId\":\"functions-id\"", StringComparison.Ordinal));
    }

    [UnixFact]
    public async Task Without_an_inference_server_no_image_is_built()
    {
        using var commands = new FakeCommands();
        commands.Add("azd", ":");
        commands.Add("az", "case \"$all\" in *show*) echo id;; *'method GET'*) echo present;; esac");

        Assert.Equal(0, (await commands.RunAsync("hooks/postprovision.sh", Provisioned)).Code);
        Assert.DoesNotContain(commands.Calls, call => call.Contains("acr", StringComparison.Ordinal) || call.StartsWith("azd", StringComparison.Ordinal));
    }

    [Fact]
    public void App_roles_are_those_that_the_gateway_knows()
    {
        var known = new JwtOptions { Issuer = "https://issuer.example", Audiences = ["a"] };
        var roles = JsonNode.Parse(InfraFiles.Read("hooks", "app-roles.json"))!.AsArray();

        Assert.Equal([.. known.ReadRoles, .. known.WriteRoles, .. known.AdminRoles], roles.Select(role => (string)role!["value"]!));
        Assert.Equal(3, roles.Select(role => Guid.Parse((string)role!["id"]!)).Distinct().Count());
    }

    [Fact]
    public void Azure_yaml_runs_hooks_that_are_there_and_may_be_run()
    {
        var yaml = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "azure.yaml"));
        var hooks = yaml.Split('\n').Where(line => line.TrimStart().StartsWith("run:", StringComparison.Ordinal)).Select(line => line.Split("run:")[1].Trim()).ToList();

        Assert.Equal(["infra/hooks/preprovision.sh", "infra/hooks/postprovision.sh", "infra/hooks/postdeploy.sh"], hooks);
        Assert.All(hooks, hook =>
        {
            var path = Path.Combine(RepositoryRoot.Path, hook);
            Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(path).HasFlag(UnixFileMode.UserExecute), $"{hook} may not be run.");
            // A trace would print the key.
            Assert.DoesNotContain("set -x", File.ReadAllText(path));
        });
    }

    private static async Task DeployedAsync(string? signedIn, string? given, string? administrator)
    {
        using var commands = new FakeCommands();
        commands.Add("az", $"case \"$all\" in *'signed-in-user'*) {(signedIn is null ? "exit 1" : $"echo {signedIn}")};; *'sp show'*) echo sp-id;; esac");

        var (code, output) = await commands.RunAsync("hooks/postprovision.sh", given is null ? Provisioned : [.. Provisioned, ("AZURE_PRINCIPAL_ID", given)]);

        Assert.True(code == 0, output);
        var posts = commands.Calls.Where(call => call.Contains("|POST|", StringComparison.Ordinal)).ToList();
        Assert.Contains("\"principalId\":\"functions-id\"", posts[0]);
        Assert.Equal(administrator is null ? 1 : 2, posts.Count);
        Assert.Contains(administrator is null ? "Nobody was given aia.admin" : $"aia.admin for {administrator}.", output);
    }
}
