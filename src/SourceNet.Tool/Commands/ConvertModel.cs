using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Formatting;
using SourceNet.Modeling.Conversion;
using SourceNet.Tool.Formats;
using SourceNet.Tool.Loading;
using Spectre.Console;

namespace SourceNet.Tool.Commands;

/// <summary><c>sourcenet convert</c>: writes a hand-written module as a declared model, as the refactoring in the editor does.</summary>
internal static class ConvertModel
{
    /// <exception cref="ToolException">There is no such class, or something in it keeps it from being converted.</exception>
    public static async Task<ExitCode> RunAsync(
        string file,
        string name,
        string configuration,
        bool writes,
        IAnsiConsole console,
        CancellationToken cancellation)
    {
        var path = Path.GetFullPath(file);
        if (!File.Exists(path))
        {
            throw new ToolException(ExitCode.Usage, $"{file}: expected a C# file, found nothing");
        }

        var project = Project(path);
        var loaded = await SolutionLoader.LoadAsync(project, configuration, cancellation);
        var (compilation, tree) = loaded
            .Select(one => (one.Compilation, Tree: one.Compilation.SyntaxTrees.FirstOrDefault(tree => tree.FilePath == path)))
            .FirstOrDefault(one => one.Tree is not null);
        if (tree is null)
        {
            throw new ToolException(ExitCode.Usage, $"{file}: expected a file that {Path.GetFileName(project)} compiles");
        }

        if (compilation.GetTypeByMetadataName("SourceNet.ModelAttribute") is null)
        {
            throw new ToolException(ExitCode.Usage, $"{project}: expected a reference to the package SourceNet, which declared models need");
        }

        var root = (CompilationUnitSyntax)await tree.GetRootAsync(cancellation);
        var declaration = root.DescendantNodes().OfType<ClassDeclarationSyntax>().FirstOrDefault(one => one.Identifier.ValueText == name)
            ?? throw new ToolException(
                ExitCode.Usage,
                $"{file}: expected a class '{name}', found "
                    + $"{string.Join(", ", root.DescendantNodes().OfType<ClassDeclarationSyntax>().Select(one => one.Identifier.ValueText).DefaultIfEmpty("none"))}");
        var type = (INamedTypeSymbol)compilation.GetSemanticModel(tree).GetDeclaredSymbol(declaration, cancellation)!;
        var conversion = ModelConverter.Convert(compilation, type, cancellation);
        if (conversion.Code is not { } code)
        {
            throw new ToolException(ExitCode.Usage, $"{file}: '{name}' cannot be converted: {conversion.Obstacle}");
        }

        using var workspace = new AdhocWorkspace();
        var converted = Formatter.Format(
            ModelConverter.Replaced(root, declaration, code, Formatter.Annotation),
            Formatter.Annotation,
            workspace,
            cancellationToken: cancellation).ToFullString();
        if (writes)
        {
            var encoding = tree.Encoding ?? new UTF8Encoding(false);
            OutputFile.Write(path, [.. encoding.Preamble, .. encoding.GetBytes(converted)]);
            console.WriteLine(path);
        }
        else
        {
            console.Profile.Out.Writer.Write(converted);
        }

        return ExitCode.Clean;
    }

    /// <summary>The project in the folder of a file, or in the nearest one above.</summary>
    private static string Project(string file)
    {
        for (var folder = Path.GetDirectoryName(file); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            if (Directory.EnumerateFiles(folder, "*.csproj").Any())
            {
                return SolutionLoader.FindProject(folder);
            }
        }

        throw new ToolException(ExitCode.Usage, $"{file}: expected a C# project in its folder or in one above, found none");
    }
}
