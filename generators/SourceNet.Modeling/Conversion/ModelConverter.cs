using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using SourceNet.Modeling.Declared;
using SourceNet.Modeling.Graph;
using SourceNet.Modeling.Passes;
using SourceNet.Modeling.Recognized;
using SourceNet.Modeling.Sizes;

namespace SourceNet.Modeling.Conversion;

/// <summary>
/// Writes a hand-written module as a declared model that computes the same and has the same names in its state_dict. Its layers, as the graph has them, become
/// blocks; what no attribute says exactly stays a part written by hand; the forward calls blocks instead of fields, and is left out where it only chains them.
/// </summary>
public sealed class ModelConverter
{
    private const string HowToState = "say the shape of a sample with --input, as in --input \"3, 32, 32\"";

    /// <summary>Errors that go when the generator has written its part of the class.</summary>
    private static readonly HashSet<string> s_untilGenerated = ["CS8795", "CS0534", "CS7036"];

    private readonly Compilation _compilation;
    private readonly HandWrittenClass _source;
    private readonly RecognizedModel _model;
    private readonly SemanticModel _semantics;
    private readonly Shape? _input;
    private readonly Shape? _sample;
    private readonly CancellationToken _cancellation;
    private readonly ClassWriter _writer;
    private string? _obstacle;

    private ModelConverter(
        Compilation compilation,
        HandWrittenClass source,
        RecognizedModel model,
        SemanticModel semantics,
        Shape? input,
        CancellationToken cancellation)
    {
        (_compilation, _source, _semantics, _input, _cancellation) = (compilation, source, semantics, input, cancellation);
        // Of images the first convolution tells the channels, and that there are two more axes.
        _sample = input ?? new BlockWriter(source, model, semantics).SampleOfImages();
        _model = model with { Graph = HandWritten.WithShapes(model.Graph, _sample) };
        _writer = new ClassWriter(source);
    }

    /// <summary>Whether a class is one that can be tried: a module of one tensor that is no declared model yet.</summary>
    public static bool IsCandidate(INamedTypeSymbol type) =>
        !ModelReader.IsModel(type)
        && type is { IsGenericType: false, IsAbstract: false, BaseType: { Name: "Module", ContainingType.Name: "nn", TypeArguments: [var input, var output] } }
        && Symbols.IsTensor(input) && Symbols.IsTensor(output)
        && Interpreter.ForwardOf(type, 1) is not null;

    /// <summary>Converts a class.</summary>
    /// <param name="compilation">What it lies in.</param>
    /// <param name="type">The class.</param>
    /// <param name="input">The shape of one sample, without the batch; null if it is not known.</param>
    /// <param name="cancellation">Stops the work.</param>
    public static Conversion Convert(Compilation compilation, INamedTypeSymbol type, Shape? input, CancellationToken cancellation)
    {
        if (!IsCandidate(type))
        {
            return Conversion.Prevented($"'{type.Name}' is no class that derives directly from nn.Module<Tensor, Tensor> and overrides its forward");
        }

        if (type.DeclaringSyntaxReferences is not [var only] || only.GetSyntax(cancellation) is not ClassDeclarationSyntax declaration)
        {
            return Conversion.Prevented($"'{type.Name}' is declared in several parts");
        }

        var semantics = compilation.GetSemanticModel(declaration.SyntaxTree);
        if (HandWrittenClass.Read(type, declaration, semantics, cancellation, out var source) is { } obstacle)
        {
            return Conversion.Prevented(obstacle);
        }

        var model = new ModelRecognizer(CodeBodies.Of(compilation), readsParts: true).Read(type, cancellation).FirstOrDefault(one => one.Sequence is null);
        return model is null
            ? Conversion.Prevented($"the forward of '{type.Name}' has no code")
            : new ModelConverter(compilation, source, model, semantics, input, cancellation).Convert();
    }

    private Conversion Convert()
    {
        if (WrongSize() is { } wrong)
        {
            return Conversion.Prevented(wrong);
        }

        foreach (var candidate in Candidates())
        {
            if (candidate is var (code, leavesSizesOpen) && IsValid(code, leavesSizesOpen))
            {
                var notes = leavesSizesOpen
                    ? _writer.Notes.Append("no layer says how large an image or how long a signal is, so their sizes are not checked: " + HowToState)
                    : _writer.Notes;
                return Conversion.To(code, notes);
            }
        }

        return Conversion.Prevented(_obstacle ?? NoLayer());
    }

    /// <summary>The class in the ways in which it can be written, the shortest first.</summary>
    private IEnumerable<(string Code, bool LeavesSizesOpen)?> Candidates()
    {
        yield return Chained();
        if (_sample is not null)
        {
            yield return Composed(statesInputs: false);
        }

        yield return Composed(statesInputs: true);
    }

    /// <summary>The class without a forward, if that only chains layers.</summary>
    private (string, bool)? Chained()
    {
        var blocks = new BlockWriter(_source, _model, _semantics);
        if (_source.Rest.Concat(OtherCode()).SelectMany(HandWrittenClass.Names).Any(IsOfPart) || blocks.Chain(_input) is not var (code, input))
        {
            return null;
        }

        return Written(code, input, _source.Parts, keepsForward: false, blocks);
    }

    /// <summary>The class with its forward, in which blocks take the places of fields.</summary>
    private (string, bool)? Composed(bool statesInputs)
    {
        var blocks = new BlockWriter(_source, _model, _semantics);
        var input = (statesInputs ? _input : _sample) is { } sample ? blocks.InputText(sample, TakesIndices()) : null;
        var parts = new List<ConvertedPart>();
        var code = "";
        foreach (var part in _source.Parts)
        {
            var block = blocks.Block(part, statesInputs);
            parts.Add(part with { Block = block?.Name });
            code += block?.Code;
        }

        return code.Length == 0 ? null : Written(code, input, parts, keepsForward: true, blocks);
    }

    private (string, bool)? Written(string blocks, string? input, IReadOnlyList<ConvertedPart> parts, bool keepsForward, BlockWriter writer)
    {
        var code = _writer.Write(blocks, input, parts, keepsForward);
        _obstacle ??= _writer.Obstacle;
        return code is null ? null : (code, _input is null && (writer.LeavesSizesOpen || _sample is not null));
    }

    /// <summary>The code that stays when the forward goes.</summary>
    private IEnumerable<SyntaxNode> OtherCode() => _source.Declaration.Members.Where(member =>
        member is not (FieldDeclarationSyntax or ConstructorDeclarationSyntax or MethodDeclarationSyntax { Identifier.ValueText: "forward" }));

    private bool IsOfPart(string name) => _source.Parts.Any(part => part.Member.Name == name && TorchTypes.Carries(part.Member.Type));

    private bool TakesIndices() => _model.Graph.Nodes.Any(node =>
        node.Operation is GraphOperation.Apply { Layer: Layers.EmbeddingLayer }
        && node.Inputs.Any(input => _model.Graph.Nodes[input].Operation is GraphOperation.Input));

    /// <summary>A layer that cannot take what a sample of the stated shape comes to.</summary>
    private string? WrongSize()
    {
        foreach (var node in _model.Graph.Nodes.Where(_ => _input is not null))
        {
            if (node is { Operation: GraphOperation.Apply { InSize.IsKnown: true } step, Inputs: [var before] }
                && _model.Graph.Nodes[before].Output is { IsKnown: true, Rank: > 0 } shape
                && (step.Layer is Layers.LinearLayer ? shape.Last : shape.Dims[shape.ChannelAxis]) is var size
                && Dim.SurelyDiffer(size, step.InSize))
            {
                return $"'{step.Path}' takes {step.InSize}, but a sample of {_input} comes to it as {shape}";
            }
        }

        return null;
    }

    private string NoLayer()
    {
        var blocks = new BlockWriter(_source, _model, _semantics);
        var reasons = _source.Parts
            .Where(part => TorchTypes.CarriesModules(part.Member.Type))
            .Select(part => $"{part.Member.Name}: {blocks.WhyByHand(part)}")
            .ToList();
        return reasons.Count == 0
            ? $"'{_source.Type.Name}' holds no layer"
            : $"none of the parts of '{_source.Type.Name}' can become a block ({string.Join("; ", reasons)})";
    }

    /// <summary>Whether the declaration can be expanded, each block of it, and compiles. Otherwise notes why not.</summary>
    private bool IsValid(string code, bool leavesSizesOpen)
    {
        var declaration = _source.Declaration;
        var root = declaration.SyntaxTree.GetRoot(_cancellation);
        var marker = new SyntaxAnnotation();
        if (SyntaxFactory.ParseMemberDeclaration(code) is not ClassDeclarationSyntax parsed || parsed.ContainsDiagnostics)
        {
            _obstacle ??= $"what '{_source.Type.Name}' would become is no C#";
            return false;
        }

        var replaced = root.ReplaceNode(declaration, parsed.WithAdditionalAnnotations(marker));
        var tree = CSharpSyntaxTree.Create(
            WithUsing((CompilationUnitSyntax)replaced),
            (CSharpParseOptions)declaration.SyntaxTree.Options,
            declaration.SyntaxTree.FilePath);
        var compilation = _compilation.ReplaceSyntaxTree(declaration.SyntaxTree, tree);
        var written = tree.GetRoot(_cancellation).GetAnnotatedNodes(marker).First();
        var semantics = compilation.GetSemanticModel(tree);
        if (semantics.GetDeclaredSymbol(written, _cancellation) is not INamedTypeSymbol type)
        {
            return false;
        }

        var model = GraphBuilder.Build(ModelReader.Read(type, CodeBodies.Of(compilation), _cancellation), _cancellation);
        var problem = model.Problems.FirstOrDefault(one => one.IsError)?.Message
            ?? model.Blocks.FirstOrDefault(block => block.Obstacle is not null)?.Obstacle
            ?? semantics
                .GetDiagnostics(written.Span, _cancellation)
                .FirstOrDefault(one => one.Severity == DiagnosticSeverity.Error && !s_untilGenerated.Contains(one.Id))?
                .GetMessage(System.Globalization.CultureInfo.InvariantCulture);
        if (problem is not null)
        {
            _obstacle ??= leavesSizesOpen ? $"a size is missing: {HowToState} ({problem})" : problem;
        }

        return problem is null;
    }

    /// <summary>A file with a class in the place of the one that was converted.</summary>
    /// <param name="file">The file.</param>
    /// <param name="declaration">The class in it.</param>
    /// <param name="code">What <see cref="Convert(Compilation, INamedTypeSymbol, Shape?, CancellationToken)"/> wrote.</param>
    /// <param name="mark">Put on the new class, for the formatter.</param>
    public static CompilationUnitSyntax Replaced(CompilationUnitSyntax file, ClassDeclarationSyntax declaration, string code, SyntaxAnnotation mark) =>
        WithUsing(file.ReplaceNode(declaration, SyntaxFactory.ParseMemberDeclaration(code)!.WithTriviaFrom(declaration).WithAdditionalAnnotations(mark)));

    /// <summary>The file with <c>using SourceNet</c>.</summary>
    private static CompilationUnitSyntax WithUsing(CompilationUnitSyntax file) => file.Usings.Any(one => one.Name?.ToString() == "SourceNet")
        ? file
        : file.AddUsings(SyntaxFactory.UsingDirective(SyntaxFactory.IdentifierName("SourceNet").WithLeadingTrivia(SyntaxFactory.Space))
            .WithTrailingTrivia(SyntaxFactory.ElasticLineFeed));
}
