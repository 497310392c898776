<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de_DE" sourcelanguage="en">
    <context>
        <name>AreaChooser</name>
        <message>
            <source>The part of the map that the model looks at</source>
            <translation>Der Teil der Karte, den das Modell ansieht</translation>
        </message>
        <message>
            <source>Area</source>
            <translation>Gebiet</translation>
        </message>
        <message>
            <source>Draw</source>
            <translation>Zeichnen</translation>
        </message>
        <message>
            <source>Draw a rectangle on the map</source>
            <translation>Ein Rechteck auf der Karte zeichnen</translation>
        </message>
        <message>
            <source>Polygon layer whose selected features bound the search</source>
            <translation>Polygonlayer, dessen gewählte Objekte die Suche begrenzen</translation>
        </message>
        <message>
            <source>Polygon layer</source>
            <translation>Polygonlayer</translation>
        </message>
    </context>
    <context>
        <name>AreaRequest</name>
        <message>
            <source>no rectangle has been drawn yet</source>
            <translation>es ist noch kein Rechteck gezeichnet</translation>
        </message>
        <message>
            <source>Press Draw and drag one on the map</source>
            <translation>Zeichnen drücken und eines auf der Karte aufziehen</translation>
        </message>
        <message>
            <source>there is no polygon layer</source>
            <translation>es gibt keinen Polygonlayer</translation>
        </message>
        <message>
            <source>Add one and select polygons in it</source>
            <translation>Einen hinzufügen und Polygone darin wählen</translation>
        </message>
        <message>
            <source>Rectangle on the map</source>
            <translation>Rechteck auf der Karte</translation>
        </message>
        <message>
            <source>Map view</source>
            <translation>Kartenausschnitt</translation>
        </message>
        <message>
            <source>View of %1</source>
            <translation>Ausschnitt von %1</translation>
        </message>
        <message>
            <source>Rectangle on %1</source>
            <translation>Rechteck auf %1</translation>
        </message>
        <message>
            <source>Polygons on %1</source>
            <translation>Polygone auf %1</translation>
        </message>
        <message>
            <source>Rectangle drawn</source>
            <translation>Rechteck gezeichnet</translation>
        </message>
    </context>
    <context>
        <name>AskAlgorithm</name>
        <message>
            <source>Ask about raster</source>
            <translation>Raster befragen</translation>
        </message>
        <message>
            <source>question,answer,image,model,vision,language</source>
            <translation>frage,antwort,bild,modell,sprache</translation>
        </message>
        <message>
            <source>Question</source>
            <translation>Frage</translation>
        </message>
        <message>
            <source>The question is empty.</source>
            <translation>Die Frage ist leer.</translation>
        </message>
        <message>
            <source>Asks a vision-language model a question about a raster layer, or an area of it. With an earlier date the model is shown both, over the same ground. Large areas are shown as an overview first, and then the parts that the model asks for. The engine is started when it is not running.</source>
            <translation>Stellt einem Bild-Sprach-Modell eine Frage zu einem Rasterlayer oder einem Gebiet davon. Mit einem früheren Datum sieht das Modell beide über demselben Boden. Große Gebiete sieht es zuerst als Übersicht und dann die Teile, nach denen es fragt. Die Modellmaschine wird gestartet, wenn sie nicht läuft.</translation>
        </message>
        <message>
            <source>Earlier date to compare with</source>
            <translation>Früheres Datum zum Vergleich</translation>
        </message>
    </context>
    <context>
        <name>AskDock</name>
        <message>
            <source>&amp;Look at</source>
            <translation>&amp;Ansehen</translation>
        </message>
        <message>
            <source>A raster layer, or the map with all layers as it is drawn</source>
            <translation>Ein Rasterlayer, oder die Karte mit allen Layern, wie sie gezeichnet ist</translation>
        </message>
        <message>
            <source>A&amp;rea</source>
            <translation>&amp;Gebiet</translation>
        </message>
        <message>
            <source>Conversation</source>
            <translation>Gespräch</translation>
        </message>
        <message>
            <source>Ask something about what the map shows, for example whether there is water or how many ships are in the harbour. A click on an answer's place leads back to it.</source>
            <translation>Fragen Sie etwas zu dem, was die Karte zeigt, zum Beispiel ob es Wasser gibt oder wie viele Schiffe im Hafen liegen. Ein Klick auf den Ort einer Antwort führt dorthin zurück.</translation>
        </message>
        <message>
            <source>Question about this area</source>
            <translation>Frage zu diesem Gebiet</translation>
        </message>
        <message>
            <source>Type a question and press Enter</source>
            <translation>Eine Frage eingeben und Enter drücken</translation>
        </message>
        <message>
            <source>Question</source>
            <translation>Frage</translation>
        </message>
        <message>
            <source>&amp;Ask</source>
            <translation>&amp;Fragen</translation>
        </message>
        <message>
            <source>Ask the model about the chosen area</source>
            <translation>Das Modell zum gewählten Gebiet befragen</translation>
        </message>
        <message>
            <source>&amp;Stop</source>
            <translation>A&amp;nhalten</translation>
        </message>
        <message>
            <source>Stop the answer; what was said so far stays</source>
            <translation>Die Antwort anhalten; was schon gesagt ist, bleibt</translation>
        </message>
        <message>
            <source>&amp;Describe</source>
            <translation>&amp;Beschreiben</translation>
        </message>
        <message>
            <source>Let the model describe the chosen area in a few sentences</source>
            <translation>Das Modell beschreibt das gewählte Gebiet in einigen Sätzen</translation>
        </message>
        <message>
            <source>&amp;Clear</source>
            <translation>&amp;Leeren</translation>
        </message>
        <message>
            <source>Forget this conversation</source>
            <translation>Dieses Gespräch vergessen</translation>
        </message>
        <message>
            <source>Co&amp;mpare with</source>
            <translation>&amp;Vergleichen mit</translation>
        </message>
        <message>
            <source>A raster of the same place at an earlier date: the model is shown both, the earlier one first</source>
            <translation>Ein Raster desselben Ortes zu einem früheren Datum: das Modell sieht beide, das frühere zuerst</translation>
        </message>
        <message>
            <source>Class&amp;ify</source>
            <translation>E&amp;inordnen</translation>
        </message>
        <message>
            <source>Let the model choose the class of the chosen area: among the names in the line above, with commas between, or among those it was trained on when the line is empty</source>
            <translation>Das Modell die Klasse des gewählten Gebiets wählen lassen: unter den Namen in der Zeile darüber, mit Kommas dazwischen, oder unter denen, die es gelernt hat, wenn die Zeile leer ist</translation>
        </message>
        <message>
            <source>E&amp;xpert</source>
            <translation>E&amp;xperte</translation>
        </message>
        <message>
            <source>A trained expert (adapter) to apply: the model's default, none at all, or one of those that the engine offers</source>
            <translation>Ein trainierter Experte (Adapter), der angewandt wird: der übliche des Modells, gar keiner oder einer von denen, die die Engine anbietet</translation>
        </message>
        <message>
            <source>&amp;By aspects</source>
            <translation>Nach As&amp;pekten</translation>
        </message>
        <message>
            <source>Describe theme, objects and their relations one by one, each by an expert of its own where the model has them, and make one caption of them</source>
            <translation>Thema, Objekte und ihre Beziehungen einzeln beschreiben, jedes durch einen eigenen Experten, wo das Modell sie hat, und daraus eine Beschreibung machen</translation>
        </message>
    </context>
    <context>
        <name>BoxAlgorithmTexts</name>
        <message>
            <source>Number of boxes</source>
            <translation>Anzahl der Rechtecke</translation>
        </message>
        <message numerus="yes">
            <source>%Ln box(es) found</source>
            <translation>
                <numerusform>%Ln Rechteck gefunden</numerusform>
                <numerusform>%Ln Rechtecke gefunden</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ClassifyAlgorithm</name>
        <message>
            <source>Classify raster</source>
            <translation>Raster einordnen</translation>
        </message>
        <message>
            <source>Lets a vision-language model choose the class of a raster layer, or of an area of it. Classes are names separated by commas; without any, those that the model was trained on. The engine is started when it is not running.</source>
            <translation>Lässt ein Bild-Sprach-Modell die Klasse eines Rasterlayers oder eines Gebiets davon wählen. Klassen sind durch Kommas getrennte Namen; ohne solche die, die das Modell gelernt hat. Die Modellmaschine wird gestartet, wenn sie nicht läuft.</translation>
        </message>
        <message>
            <source>scene,class,land use,image,model,vision,language</source>
            <translation>Szene,Klasse,Landnutzung,Bild,Modell,Sehen,Sprache</translation>
        </message>
        <message>
            <source>Classes to choose from</source>
            <translation>Klassen zur Auswahl</translation>
        </message>
        <message>
            <source>Class</source>
            <translation>Klasse</translation>
        </message>
        <message>
            <source>Confidence</source>
            <translation>Konfidenz</translation>
        </message>
    </context>
    <context>
        <name>DescribeAlgorithm</name>
        <message>
            <source>Describe raster</source>
            <translation>Raster beschreiben</translation>
        </message>
        <message>
            <source>Lets a vision-language model describe a raster layer, or an area of it, in a few sentences. The engine is started when it is not running.</source>
            <translation>Lässt ein Bild-Sprach-Modell einen Rasterlayer oder ein Gebiet darin in einigen Sätzen beschreiben. Die Modellmaschine wird gestartet, wenn sie nicht läuft.</translation>
        </message>
        <message>
            <source>caption,summary,image,model,vision,language</source>
            <translation>beschreibung,zusammenfassung,bild,modell,sprache</translation>
        </message>
    </context>
    <context>
        <name>DetectAlgorithm</name>
        <message>
            <source>Detect objects</source>
            <translation>Objekte finden</translation>
        </message>
        <message>
            <source>Finds objects on a raster layer with a vision-language model and gives them as rotated boxes with label, confidence, direction and size. Classes are names of objects separated by commas. The ground resolution is that of the pixels which the model gets; empty for what suits the model, 0 for the layer's own. The engine is started when it is not running.</source>
            <translation>Findet Objekte auf einem Rasterlayer mit einem Bild-Sprach-Modell und gibt sie als gedrehte Rechtecke mit Name, Konfidenz, Richtung und Größe. Die Namen der Objekte werden durch Kommas getrennt. Die Bodenauflösung ist die der Pixel, die das Modell bekommt; leer für die zum Modell passende, 0 für die des Layers. Die Modellmaschine wird gestartet, wenn sie nicht läuft.</translation>
        </message>
        <message>
            <source>find,objects,boxes,image,model,vision,language</source>
            <translation>finden,objekte,rechtecke,bild,modell,sprache</translation>
        </message>
        <message>
            <source>Objects to find</source>
            <translation>Zu findende Objekte</translation>
        </message>
        <message>
            <source>Ground resolution in metres a pixel</source>
            <translation>Bodenauflösung in Metern je Pixel</translation>
        </message>
        <message>
            <source>Lowest confidence</source>
            <translation>Niedrigste Konfidenz</translation>
        </message>
        <message>
            <source>Overlap of tiles, as a share of their side</source>
            <translation>Überlappung der Kacheln als Anteil ihrer Seite</translation>
        </message>
        <message>
            <source>Detections</source>
            <translation>Funde</translation>
        </message>
        <message>
            <source>There is nothing to find. Name objects, separated by commas.</source>
            <translation>Es gibt nichts zu finden. Nennen Sie Objekte, durch Kommas getrennt.</translation>
        </message>
    </context>
    <context>
        <name>DetectDock</name>
        <message>
            <source>&amp;Objects</source>
            <translation>&amp;Objekte</translation>
        </message>
        <message>
            <source>&amp;Look at</source>
            <translation>&amp;Ansehen</translation>
        </message>
        <message>
            <source>A raster layer, or the map with all layers as it is drawn</source>
            <translation>Ein Rasterlayer, oder die Karte mit allen Layern, wie sie gezeichnet ist</translation>
        </message>
        <message>
            <source>A&amp;rea</source>
            <translation>&amp;Gebiet</translation>
        </message>
        <message>
            <source>How to Look</source>
            <translation>Wie angesehen wird</translation>
        </message>
        <message>
            <source>&amp;Ground resolution</source>
            <translation>&amp;Bodenauflösung</translation>
        </message>
        <message>
            <source>The size on the ground of the pixels that the model gets</source>
            <translation>Die Größe der Pixel am Boden, die das Modell bekommt</translation>
        </message>
        <message>
            <source> m</source>
            <translation> m</translation>
        </message>
        <message>
            <source>Metres a pixel</source>
            <translation>Meter je Pixel</translation>
        </message>
        <message>
            <source>O&amp;verlap of tiles</source>
            <translation>Ü&amp;berlappung der Kacheln</translation>
        </message>
        <message>
            <source>Objects on the seam of two tiles are found whole when they fit into the overlap</source>
            <translation>Objekte auf der Naht zweier Kacheln werden ganz gefunden, wenn sie in die Überlappung passen</translation>
        </message>
        <message>
            <source> %</source>
            <translation> %</translation>
        </message>
        <message>
            <source>&amp;Detect</source>
            <translation>&amp;Finden</translation>
        </message>
        <message>
            <source>Look for these objects in the chosen area</source>
            <translation>Diese Objekte im gewählten Gebiet suchen</translation>
        </message>
        <message>
            <source>&amp;Cancel</source>
            <translation>Ab&amp;brechen</translation>
        </message>
        <message>
            <source>Stop now; what was found so far is kept</source>
            <translation>Jetzt aufhören; was gefunden ist, bleibt</translation>
        </message>
        <message>
            <source>Start &amp;Again</source>
            <translation>&amp;Erneut starten</translation>
        </message>
        <message>
            <source>Start the engine and this search again</source>
            <translation>Die Modellmaschine und diese Suche erneut starten</translation>
        </message>
        <message>
            <source>Result</source>
            <translation>Ergebnis</translation>
        </message>
        <message>
            <source>Con&amp;fidence from</source>
            <translation>&amp;Konfidenz ab</translation>
        </message>
        <message>
            <source>Hide boxes that the model is less sure of; those without a confidence stay</source>
            <translation>Rechtecke verbergen, deren sich das Modell weniger sicher ist; solche ohne Konfidenz bleiben</translation>
        </message>
        <message>
            <source>Lowest confidence shown</source>
            <translation>Niedrigste gezeigte Konfidenz</translation>
        </message>
        <message>
            <source>Export Shapefile</source>
            <translation>Shapefile exportieren</translation>
        </message>
        <message>
            <source>Write the boxes shown to a shapefile beside the result; other formats and places in the menu</source>
            <translation>Die gezeigten Rechtecke als Shapefile neben das Ergebnis schreiben; andere Formate und Orte im Menü</translation>
        </message>
        <message>
            <source>F&amp;ind</source>
            <translation>F&amp;inden</translation>
        </message>
        <message>
            <source>All objects of some kinds, searched tile by tile; or what a phrase describes, searched in one look at the area</source>
            <translation>Alle Objekte einiger Arten, Kachel für Kachel gesucht; oder was ein paar Worte beschreiben, mit einem Blick auf das Gebiet gesucht</translation>
        </message>
        <message>
            <source>D&amp;escription</source>
            <translation>&amp;Beschreibung</translation>
        </message>
        <message>
            <source>for example the ship at the pier</source>
            <translation>zum Beispiel the ship at the pier</translation>
        </message>
        <message>
            <source>What to find, in a few words, and where it lies in the area</source>
            <translation>Was gefunden werden soll, in wenigen Worten, und wo es im Gebiet liegt</translation>
        </message>
        <message>
            <source>E&amp;xpert</source>
            <translation>E&amp;xperte</translation>
        </message>
        <message>
            <source>A trained expert (adapter) to apply: the model's default, none at all, or one of those that the engine offers</source>
            <translation>Ein trainierter Experte (Adapter), der angewandt wird: der übliche des Modells, gar keiner oder einer von denen, die die Engine anbietet</translation>
        </message>
    </context>
    <context>
        <name>DetectionLayer</name>
        <message>
            <source>Objects detected on %1</source>
            <translation>Auf %1 gefundene Objekte</translation>
        </message>
        <message>
            <source>Found by the model %1 in answer to: %2</source>
            <translation>Vom Modell %1 gefunden als Antwort auf: %2</translation>
        </message>
    </context>
    <context>
        <name>EndpointToken</name>
        <message>
            <source>the authentication configuration %1 gives no bearer token</source>
            <translation>die Authentifizierung %1 gibt kein Bearer-Token</translation>
        </message>
        <message>
            <source>the authentication configuration %1 cannot be used</source>
            <translation>die Authentifizierung %1 kann nicht benutzt werden</translation>
        </message>
        <message>
            <source>Choose one of the kind API Header with Authorization set to Bearer and the token</source>
            <translation>Wählen Sie eine der Art API-Header, in der Authorization auf Bearer und das Token gesetzt ist</translation>
        </message>
    </context>
    <context>
        <name>EngineProgram</name>
        <message>
            <source>%1, named by %2, is no program that can be run</source>
            <translation>%1, genannt von %2, ist kein ausführbares Programm</translation>
        </message>
        <message>
            <source>Correct it, or leave it empty</source>
            <translation>Berichtigen Sie es, oder lassen Sie es leer</translation>
        </message>
        <message>
            <source>Orthoscribe's options</source>
            <translation>den Optionen von Orthoscribe</translation>
        </message>
        <message>
            <source>the program orthoscribe was found neither beside the plugin nor on the search path</source>
            <translation>das Programm orthoscribe wurde weder neben der Erweiterung noch im Suchpfad gefunden</translation>
        </message>
        <message>
            <source>Install it, or name it in Orthoscribe's options</source>
            <translation>Installieren Sie es, oder nennen Sie es in den Optionen von Orthoscribe</translation>
        </message>
    </context>
    <context>
        <name>EvaluateAlgorithm</name>
        <message>
            <source>Compare detections with the truth</source>
            <translation>Erkennungen mit der Wahrheit vergleichen</translation>
        </message>
        <message>
            <source>Measures a layer of detections against a layer of true objects: precision, recall and F1 by class, average precision without scores (mAP_nc) and, where every detection has a score, with scores and over thresholds. Gives a report and a layer that tells what is right, wrong and missed. The comparison is made in the coordinates of the truth layer. Within an area, objects count whose centre lies in it. Without a label field on either layer, classes are not told apart.</source>
            <translation>Misst einen Layer mit Erkennungen an einem Layer mit wahren Objekten: Genauigkeit, Trefferquote und F1 je Klasse, mittlere Genauigkeit ohne Bewertungen (mAP_nc) und, wenn jede Erkennung eine Bewertung hat, mit Bewertungen und über Schwellen. Ergibt einen Bericht und einen Layer, der sagt, was richtig, falsch und übersehen ist. Verglichen wird in den Koordinaten des Layers mit der Wahrheit. In einem Gebiet zählen die Objekte, deren Mittelpunkt darin liegt. Hat einer der Layer kein Feld mit Klassen, so werden Klassen nicht unterschieden.</translation>
        </message>
        <message>
            <source>accuracy,precision,recall,truth,validate,errors,boxes</source>
            <translation>Genauigkeit,Trefferquote,Wahrheit,prüfen,Fehler,Rechtecke</translation>
        </message>
        <message>
            <source>Detections</source>
            <translation>Erkennungen</translation>
        </message>
        <message>
            <source>True objects</source>
            <translation>Wahre Objekte</translation>
        </message>
        <message>
            <source>Label of a detection</source>
            <translation>Klasse einer Erkennung</translation>
        </message>
        <message>
            <source>Label of a true object</source>
            <translation>Klasse eines wahren Objekts</translation>
        </message>
        <message>
            <source>Score of a detection</source>
            <translation>Bewertung einer Erkennung</translation>
        </message>
        <message>
            <source>Area</source>
            <translation>Gebiet</translation>
        </message>
        <message>
            <source>Overlap that counts as found (intersection over union)</source>
            <translation>Überdeckung, die als gefunden gilt (Schnitt durch Vereinigung)</translation>
        </message>
        <message>
            <source>Right, wrong and missed</source>
            <translation>Richtig, falsch und übersehen</translation>
        </message>
        <message>
            <source>Report</source>
            <translation>Bericht</translation>
        </message>
        <message>
            <source>HTML files (*.html)</source>
            <translation>HTML-Dateien (*.html)</translation>
        </message>
        <message>
            <source>mAP_nc</source>
            <translation>mAP_nc</translation>
        </message>
        <message>
            <source>Precision</source>
            <translation>Genauigkeit</translation>
        </message>
        <message>
            <source>Recall</source>
            <translation>Trefferquote</translation>
        </message>
        <message>
            <source>F1</source>
            <translation>F1</translation>
        </message>
        <message>
            <source>Number of right detections</source>
            <translation>Anzahl richtiger Erkennungen</translation>
        </message>
        <message>
            <source>Number of wrong detections</source>
            <translation>Anzahl falscher Erkennungen</translation>
        </message>
        <message>
            <source>Number of missed objects</source>
            <translation>Anzahl übersehener Objekte</translation>
        </message>
        <message>
            <source>One of the layers has no coordinate reference system, so they cannot be compared. Set it first.</source>
            <translation>Einer der Layer hat kein Koordinatenbezugssystem, daher können sie nicht verglichen werden. Setzen Sie es zuerst.</translation>
        </message>
        <message>
            <source>A layer has no label field: classes are not told apart.</source>
            <translation>Ein Layer hat kein Feld mit Klassen: Klassen werden nicht unterschieden.</translation>
        </message>
        <message>
            <source>There is no true object to compare with in the area.</source>
            <translation>Im Gebiet gibt es kein wahres Objekt, mit dem verglichen werden kann.</translation>
        </message>
        <message>
            <source>Objects cannot be brought into the coordinates of the truth layer: %1</source>
            <translation>Objekte können nicht in die Koordinaten des Layers mit der Wahrheit gebracht werden: %1</translation>
        </message>
        <message>
            <source>Precision %1, recall %2, F1 %3</source>
            <translation>Genauigkeit %1, Trefferquote %2, F1 %3</translation>
        </message>
    </context>
    <context>
        <name>FateLayer</name>
        <message>
            <source>Right</source>
            <translation>Richtig</translation>
        </message>
        <message>
            <source>Wrong</source>
            <translation>Falsch</translation>
        </message>
        <message>
            <source>Missed</source>
            <translation>Übersehen</translation>
        </message>
        <message>
            <source>Not counted</source>
            <translation>Nicht gezählt</translation>
        </message>
    </context>
    <context>
        <name>GroundAlgorithm</name>
        <message>
            <source>Find by description</source>
            <translation>Nach Beschreibung finden</translation>
        </message>
        <message>
            <source>Finds what a phrase describes, for example "the ship at the pier", on a raster layer or an area of it, in one look at the whole of it, and gives it as boxes. Not every model was trained to do this. The engine is started when it is not running.</source>
            <translation>Findet, was ein paar Worte beschreiben, zum Beispiel "the ship at the pier", auf einem Rasterlayer oder einem Gebiet davon, mit einem Blick auf das Ganze, und gibt es als Rechtecke aus. Nicht jedes Modell hat das gelernt. Die Modellmaschine wird gestartet, wenn sie nicht läuft.</translation>
        </message>
        <message>
            <source>find,refer,phrase,boxes,image,model,vision,language</source>
            <translation>finden,verweisen,Worte,Rechtecke,Bild,Modell,Sehen,Sprache</translation>
        </message>
        <message>
            <source>What to find</source>
            <translation>Was gefunden werden soll</translation>
        </message>
        <message>
            <source>Boxes</source>
            <translation>Rechtecke</translation>
        </message>
        <message>
            <source>As the model usually draws</source>
            <translation>Wie das Modell sie gewöhnlich zeichnet</translation>
        </message>
        <message>
            <source>Upright in the picture</source>
            <translation>Aufrecht im Bild</translation>
        </message>
        <message>
            <source>Turned</source>
            <translation>Gedreht</translation>
        </message>
        <message>
            <source>Found</source>
            <translation>Gefundenes</translation>
        </message>
        <message>
            <source>There is nothing to find. Describe it in a few words.</source>
            <translation>Es gibt nichts zu finden. Mit wenigen Worten beschreiben.</translation>
        </message>
    </context>
    <context>
        <name>LayerDescription</name>
        <message>
            <source>Described by %1 on %2</source>
            <translation>Beschrieben von %1 am %2</translation>
        </message>
    </context>
    <context>
        <name>LookAlgorithmTexts</name>
        <message>
            <source>Text file</source>
            <translation>Textdatei</translation>
        </message>
        <message>
            <source>Text files (*.txt)</source>
            <translation>Textdateien (*.txt)</translation>
        </message>
        <message>
            <source>Text</source>
            <translation>Text</translation>
        </message>
    </context>
    <context>
        <name>Messages</name>
        <message>
            <source>%1 × %2 km</source>
            <translation>%1 × %2 km</translation>
        </message>
        <message>
            <source>%1 × %2 m</source>
            <translation>%1 × %2 m</translation>
        </message>
    </context>
    <context>
        <name>OptionsPage</name>
        <message>
            <source>Model on This Machine</source>
            <translation>Modell auf diesem Rechner</translation>
        </message>
        <message>
            <source>&amp;Model</source>
            <translation>&amp;Modell</translation>
        </message>
        <message>
            <source>A model folder, or the name of an installed model; empty for the starter that comes with Orthoscribe</source>
            <translation>Ein Modellordner oder der Name eines installierten Modells; leer für das Startmodell, das mit Orthoscribe kommt</translation>
        </message>
        <message>
            <source>&amp;Device</source>
            <translation>&amp;Rechenwerk</translation>
        </message>
        <message>
            <source>Where the model computes</source>
            <translation>Wo das Modell rechnet</translation>
        </message>
        <message>
            <source>&amp;Program</source>
            <translation>&amp;Programm</translation>
        </message>
        <message>
            <source>The program orthoscribe; empty to find it beside the plugin or on the search path</source>
            <translation>Das Programm orthoscribe; leer, um es neben der Erweiterung oder im Suchpfad zu finden</translation>
        </message>
        <message>
            <source>Model on a Server</source>
            <translation>Modell auf einem Server</translation>
        </message>
        <message>
            <source>Any server that speaks OpenAI's chat completions, for example vLLM or another machine's orthoscribe</source>
            <translation>Jeder Server, der OpenAIs Chat Completions spricht, zum Beispiel vLLM oder orthoscribe auf einem anderen Rechner</translation>
        </message>
        <message>
            <source>&amp;URL</source>
            <translation>&amp;URL</translation>
        </message>
        <message>
            <source>Model &amp;name</source>
            <translation>Modell&amp;name</translation>
        </message>
        <message>
            <source>The first that the server lists</source>
            <translation>Das erste, das der Server nennt</translation>
        </message>
        <message>
            <source>&amp;Authentication</source>
            <translation>&amp;Authentifizierung</translation>
        </message>
        <message>
            <source>A configuration that sets the header Authorization to Bearer and the token</source>
            <translation>Eine Konfiguration, die den Header Authorization auf Bearer und das Token setzt</translation>
        </message>
        <message>
            <source>Results</source>
            <translation>Ergebnisse</translation>
        </message>
        <message>
            <source>&amp;Folder</source>
            <translation>&amp;Ordner</translation>
        </message>
        <message>
            <source>Where detections are kept; empty for the project's folder, or the user profile's while the project is not saved</source>
            <translation>Wo Funde aufbewahrt werden; leer für den Ordner des Projekts, oder des Benutzerprofils, solange das Projekt nicht gespeichert ist</translation>
        </message>
        <message>
            <source>E&amp;xperts</source>
            <translation>E&amp;xperten</translation>
        </message>
        <message>
            <source>Folders of adapters that the docks offer, each in quotation marks when there are several; experts trained here are offered by themselves</source>
            <translation>Ordner von Adaptern, die die Bedienfelder anbieten, mehrere jeweils in Anführungszeichen; hier trainierte Experten werden von selbst angeboten</translation>
        </message>
    </context>
    <context>
        <name>RasterAlgorithmTexts</name>
        <message>
            <source>Raster layer</source>
            <translation>Rasterlayer</translation>
        </message>
        <message>
            <source>Area</source>
            <translation>Gebiet</translation>
        </message>
        <message>
            <source>Bands for red, green and blue, or one</source>
            <translation>Kanäle für Rot, Grün und Blau, oder einer</translation>
        </message>
        <message>
            <source>Choose one band or three, not %1.</source>
            <translation>Wählen Sie einen Kanal oder drei, nicht %1.</translation>
        </message>
        <message>
            <source>Waiting for the engine</source>
            <translation>Die Modellmaschine wird erwartet</translation>
        </message>
        <message>
            <source>Model %1 on %2</source>
            <translation>Modell %1 auf %2</translation>
        </message>
        <message>
            <source>Internal error: %1</source>
            <translation>Interner Fehler: %1</translation>
        </message>
    </context>
    <context>
        <name>RasterRequest</name>
        <message>
            <source>Map view</source>
            <translation>Kartenausschnitt</translation>
        </message>
        <message>
            <source>%1: the area cannot be transformed into the layer's coordinate reference system: %2</source>
            <translation>%1: das Gebiet lässt sich nicht in das Koordinatenbezugssystem des Layers umrechnen: %2</translation>
        </message>
        <message>
            <source>%1: nothing of it lies in the chosen area</source>
            <translation>%1: nichts davon liegt im gewählten Gebiet</translation>
        </message>
        <message>
            <source>Move the map to the layer, or choose another area</source>
            <translation>Bewegen Sie die Karte zum Layer, oder wählen Sie ein anderes Gebiet</translation>
        </message>
        <message>
            <source>%1: a polygon cannot be transformed: %2</source>
            <translation>%1: ein Polygon lässt sich nicht umrechnen: %2</translation>
        </message>
        <message>
            <source>%1: no polygon is selected</source>
            <translation>%1: kein Polygon ist gewählt</translation>
        </message>
        <message>
            <source>Select the polygons to search in</source>
            <translation>Wählen Sie die Polygone, in denen gesucht werden soll</translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::plugin::Actions</name>
        <message>
            <source>Describe</source>
            <translation>Beschreiben</translation>
        </message>
        <message>
            <source>Let the model describe this layer; the text goes into its notes</source>
            <translation>Das Modell beschreibt diesen Layer; der Text kommt in dessen Notizen</translation>
        </message>
        <message>
            <source>Ask…</source>
            <translation>Fragen…</translation>
        </message>
        <message>
            <source>Ask the model about this layer</source>
            <translation>Das Modell zu diesem Layer befragen</translation>
        </message>
        <message>
            <source>Detect Objects…</source>
            <translation>Objekte finden…</translation>
        </message>
        <message>
            <source>Find objects on this layer</source>
            <translation>Objekte auf diesem Layer finden</translation>
        </message>
        <message>
            <source>Describe the Map</source>
            <translation>Karte beschreiben</translation>
        </message>
        <message>
            <source>Let the model describe what the map shows</source>
            <translation>Das Modell beschreibt, was die Karte zeigt</translation>
        </message>
        <message>
            <source>Ask the Map…</source>
            <translation>Karte befragen…</translation>
        </message>
        <message>
            <source>Ask the model about what the map shows</source>
            <translation>Das Modell zu dem befragen, was die Karte zeigt</translation>
        </message>
        <message>
            <source>Detect Objects on the Map…</source>
            <translation>Objekte auf der Karte finden…</translation>
        </message>
        <message>
            <source>Find objects on what the map shows</source>
            <translation>Objekte in dem finden, was die Karte zeigt</translation>
        </message>
        <message>
            <source>Train an Expert from This Layer…</source>
            <translation>Einen Experten aus diesem Layer trainieren…</translation>
        </message>
        <message>
            <source>Let the model learn from polygons on a raster</source>
            <translation>Das Modell aus Polygonen auf einem Raster lernen lassen</translation>
        </message>
        <message>
            <source>Accept Selected Boxes</source>
            <translation>Gewählte Rechtecke annehmen</translation>
        </message>
        <message>
            <source>Mark the selected boxes as right, to train an expert with them</source>
            <translation>Die gewählten Rechtecke als richtig kennzeichnen, um einen Experten damit zu trainieren</translation>
        </message>
        <message>
            <source>Reject Selected Boxes</source>
            <translation>Gewählte Rechtecke verwerfen</translation>
        </message>
        <message>
            <source>Mark the selected boxes as wrong, to train an expert with them</source>
            <translation>Die gewählten Rechtecke als falsch kennzeichnen, um einen Experten damit zu trainieren</translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::plugin::AskController</name>
        <message>
            <source>Describe this area</source>
            <translation>Dieses Gebiet beschreiben</translation>
        </message>
        <message>
            <source>Describe this layer</source>
            <translation>Diesen Layer beschreiben</translation>
        </message>
        <message>
            <source>Describe the map</source>
            <translation>Die Karte beschreiben</translation>
        </message>
        <message>
            <source>Stopped</source>
            <translation>Angehalten</translation>
        </message>
        <message>
            <source>Description of %1</source>
            <translation>Beschreibung von %1</translation>
        </message>
        <message>
            <source>It is in the layer's notes. %1</source>
            <translation>Sie steht in den Notizen des Layers. %1</translation>
        </message>
        <message>
            <source>The place cannot be shown in the map's coordinate reference system.</source>
            <translation>Der Ort lässt sich im Koordinatenbezugssystem der Karte nicht zeigen.</translation>
        </message>
        <message>
            <source>What has changed since %1?</source>
            <translation>Was hat sich seit %1 verändert?</translation>
        </message>
        <message>
            <source>Classify this area</source>
            <translation>Dieses Gebiet einordnen</translation>
        </message>
        <message>
            <source>Which of these: %1?</source>
            <translation>Was davon: %1?</translation>
        </message>
        <message>
            <source>%L1 x %L2 pixels</source>
            <translation>%L1 x %L2 Pixel</translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::plugin::AskJob</name>
        <message>
            <source>Asking about %1</source>
            <translation>Frage zu %1</translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::plugin::ClassifyJob</name>
        <message>
            <source>Classifying %1</source>
            <translation>%1 wird eingeordnet</translation>
        </message>
        <message>
            <source>%1 (confidence %2)</source>
            <translation>%1 (Konfidenz %2)</translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::plugin::DescribeJob</name>
        <message>
            <source>Describing %1</source>
            <translation>%1 wird beschrieben</translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::plugin::DetectController</name>
        <message>
            <source>The model looks at the area</source>
            <translation>Das Modell sieht sich das Gebiet an</translation>
        </message>
        <message>
            <source>Waiting for the engine</source>
            <translation>Die Modellmaschine wird erwartet</translation>
        </message>
        <message>
            <source>Tile %L1 of %L2</source>
            <translation>Kachel %L1 von %L2</translation>
        </message>
        <message>
            <source>%1 left</source>
            <translation>noch %1</translation>
        </message>
        <message numerus="yes">
            <source>%Ln box(es)</source>
            <translation>
                <numerusform>%Ln Rechteck</numerusform>
                <numerusform>%Ln Rechtecke</numerusform>
            </translation>
        </message>
        <message>
            <source>%1 detections</source>
            <translation>%1 Funde</translation>
        </message>
        <message numerus="yes">
            <source>%Ln box(es) found</source>
            <translation>
                <numerusform>%Ln Rechteck gefunden</numerusform>
                <numerusform>%Ln Rechtecke gefunden</numerusform>
            </translation>
        </message>
        <message>
            <source>What was found until then is kept.</source>
            <translation>Was bis dahin gefunden war, bleibt.</translation>
        </message>
        <message>
            <source>Cancelled; what was found is kept.</source>
            <translation>Abgebrochen; was gefunden war, bleibt.</translation>
        </message>
        <message>
            <source>Done.</source>
            <translation>Fertig.</translation>
        </message>
        <message>
            <source>%1, kept in %2</source>
            <translation>%1, aufbewahrt in %2</translation>
        </message>
        <message>
            <source>Nothing was found.</source>
            <translation>Nichts wurde gefunden.</translation>
        </message>
        <message>
            <source>%L1 of %L2 boxes shown</source>
            <translation>%L1 von %L2 Rechtecken gezeigt</translation>
        </message>
        <message>
            <source>Shapefile (*.shp)</source>
            <translation>Shapefile (*.shp)</translation>
        </message>
        <message>
            <source>GeoPackage (*.gpkg)</source>
            <translation>GeoPackage (*.gpkg)</translation>
        </message>
        <message>
            <source>GeoJSON (*.geojson)</source>
            <translation>GeoJSON (*.geojson)</translation>
        </message>
        <message>
            <source>FlatGeobuf (*.fgb)</source>
            <translation>FlatGeobuf (*.fgb)</translation>
        </message>
        <message>
            <source>Export Boxes</source>
            <translation>Rechtecke exportieren</translation>
        </message>
        <message>
            <source>there is no layer to export any more</source>
            <translation>es gibt keinen Layer mehr, der exportiert werden könnte</translation>
        </message>
        <message numerus="yes">
            <source>%Ln box(es) in &lt;a href="%1"&gt;%2&lt;/a&gt;</source>
            <translation>
                <numerusform>%Ln Rechteck in &lt;a href="%1"&gt;%2&lt;/a&gt;</numerusform>
                <numerusform>%Ln Rechtecke in &lt;a href="%1"&gt;%2&lt;/a&gt;</numerusform>
            </translation>
        </message>
        <message>
            <source>Exported</source>
            <translation>Exportiert</translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::plugin::DetectJob</name>
        <message>
            <source>Detecting objects on %1</source>
            <translation>Objekte werden auf %1 gesucht</translation>
        </message>
        <message>
            <source>%1: the area would take about %L2 tiles</source>
            <translation>%1: das Gebiet bräuchte etwa %L2 Kacheln</translation>
        </message>
        <message>
            <source>Choose a smaller area or a coarser ground resolution</source>
            <translation>Wählen Sie ein kleineres Gebiet oder eine gröbere Bodenauflösung</translation>
        </message>
        <message>
            <source>%1: the boxes could not be saved: %2</source>
            <translation>%1: die Rechtecke konnten nicht gespeichert werden: %2</translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::plugin::EngineProcess</name>
        <message>
            <source>Starting %1 %2</source>
            <translation>%1 %2 wird gestartet</translation>
        </message>
        <message>
            <source>the engine did not say where it listens, but “%1”</source>
            <translation>die Modellmaschine sagte nicht, wo sie lauscht, sondern „%1“</translation>
        </message>
        <message numerus="yes">
            <source>the engine was not ready within %n minute(s)</source>
            <translation>
                <numerusform>die Modellmaschine war nach %n Minute nicht bereit</numerusform>
                <numerusform>die Modellmaschine war nach %n Minuten nicht bereit</numerusform>
            </translation>
        </message>
        <message>
            <source>Ready after %1 s: %2 %3</source>
            <translation>Bereit nach %1 s: %2 %3</translation>
        </message>
        <message>
            <source>%1 cannot be started: %2</source>
            <translation>%1 kann nicht gestartet werden: %2</translation>
        </message>
        <message>
            <source>was killed or crashed</source>
            <translation>wurde beendet oder ist abgestürzt</translation>
        </message>
        <message>
            <source>ended with exit code %1</source>
            <translation>endete mit dem Code %1</translation>
        </message>
        <message>
            <source>the engine %1</source>
            <translation>die Modellmaschine %1</translation>
        </message>
        <message>
            <source>the engine %1: %2</source>
            <translation>die Modellmaschine %1: %2</translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::plugin::InfoJob</name>
        <message>
            <source>Asking the model what it can do</source>
            <translation>Das Modell wird gefragt, was es kann</translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::plugin::LookJob</name>
        <message>
            <source>Theme</source>
            <translation>Thema</translation>
        </message>
        <message>
            <source>Objects</source>
            <translation>Objekte</translation>
        </message>
        <message>
            <source>Relations</source>
            <translation>Beziehungen</translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::plugin::ModelJob</name>
        <message>
            <source>Internal error: %1</source>
            <translation>Interner Fehler: %1</translation>
        </message>
        <message>
            <source>Internal error of unknown kind</source>
            <translation>Interner Fehler unbekannter Art</translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::plugin::OrthoscribePlugin</name>
        <message>
            <source>The engine starts on first use</source>
            <translation>Die Modellmaschine startet beim ersten Gebrauch</translation>
        </message>
        <message>
            <source>Starting the engine</source>
            <translation>Die Modellmaschine startet</translation>
        </message>
        <message>
            <source>Loading the model %1</source>
            <translation>Das Modell %1 wird geladen</translation>
        </message>
        <message>
            <source>%1 is ready</source>
            <translation>%1 ist bereit</translation>
        </message>
        <message>
            <source>%1 is ready on %2</source>
            <translation>%1 ist bereit auf %2</translation>
        </message>
        <message>
            <source>Orthoscribe</source>
            <translation>Orthoscribe</translation>
        </message>
        <message>
            <source>Start Again</source>
            <translation>Erneut starten</translation>
        </message>
        <message>
            <source>Review</source>
            <translation>Durchsicht</translation>
        </message>
        <message>
            <source>Select the boxes on the map first; then accept or reject them.</source>
            <translation>Wählen Sie zuerst die Rechtecke auf der Karte; nehmen Sie sie dann an oder verwerfen Sie sie.</translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::plugin::OrthoscribeProvider</name>
        <message>
            <source>Orthoscribe, a vision-language model for maps</source>
            <translation>Orthoscribe, ein Bild-Sprach-Modell für Karten</translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::ui::AreaChooser</name>
        <message>
            <source>Current view</source>
            <translation>Aktueller Ausschnitt</translation>
        </message>
        <message>
            <source>Drawn rectangle</source>
            <translation>Gezeichnetes Rechteck</translation>
        </message>
        <message>
            <source>Whole layer</source>
            <translation>Ganzer Layer</translation>
        </message>
        <message>
            <source>Selected polygons</source>
            <translation>Gewählte Polygone</translation>
        </message>
        <message>
            <source>Drag a rectangle on the map</source>
            <translation>Ein Rechteck auf der Karte aufziehen</translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::ui::AskDock</name>
        <message>
            <source>Ask the Map</source>
            <translation>Karte befragen</translation>
        </message>
        <message>
            <source>Map as drawn</source>
            <translation>Karte wie gezeichnet</translation>
        </message>
        <message>
            <source>No other date</source>
            <translation>Kein anderes Datum</translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::ui::ClassesEdit</name>
        <message>
            <source>Objects to find</source>
            <translation>Zu findende Objekte</translation>
        </message>
        <message>
            <source>for example airplane, storage tank</source>
            <translation>zum Beispiel airplane, storage tank</translation>
        </message>
        <message>
            <source>Names of the objects to find, separated by commas</source>
            <translation>Namen der zu findenden Objekte, durch Kommas getrennt</translation>
        </message>
        <message>
            <source>Known</source>
            <translation>Bekannte</translation>
        </message>
        <message>
            <source>Objects that the model was trained to find</source>
            <translation>Objekte, die das Modell zu finden gelernt hat</translation>
        </message>
        <message>
            <source>All</source>
            <translation>Alle</translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::ui::ConversationEntry</name>
        <message>
            <source>Waiting for the model</source>
            <translation>Das Modell wird erwartet</translation>
        </message>
        <message>
            <source>Go to this place on the map</source>
            <translation>Auf der Karte an diesen Ort gehen</translation>
        </message>
        <message>
            <source>The model gave an empty answer</source>
            <translation>Das Modell gab eine leere Antwort</translation>
        </message>
        <message>
            <source>Looked closer at %1</source>
            <translation>Genauer angesehen: %1</translation>
        </message>
        <message>
            <source>Go to the part that the model asked to see</source>
            <translation>Zu dem Teil gehen, den das Modell sehen wollte</translation>
        </message>
        <message>
            <source>Aspects</source>
            <translation>Aspekte</translation>
        </message>
        <message>
            <source>Show what the description was made of</source>
            <translation>Zeigen, woraus die Beschreibung gemacht wurde</translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::ui::DetectDock</name>
        <message>
            <source>Detect Objects</source>
            <translation>Objekte finden</translation>
        </message>
        <message>
            <source>Map as drawn</source>
            <translation>Karte wie gezeichnet</translation>
        </message>
        <message>
            <source>What suits the model</source>
            <translation>Zum Modell passend</translation>
        </message>
        <message>
            <source>As in the layer</source>
            <translation>Wie im Layer</translation>
        </message>
        <message>
            <source>Other</source>
            <translation>Andere</translation>
        </message>
        <message>
            <source>Export As…</source>
            <translation>Exportieren als…</translation>
        </message>
        <message>
            <source>Objects by their kind</source>
            <translation>Objekte nach ihrer Art</translation>
        </message>
        <message>
            <source>What a phrase describes</source>
            <translation>Was Worte beschreiben</translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::ui::EngineStatusBar</name>
        <message>
            <source>Start</source>
            <translation>Starten</translation>
        </message>
        <message>
            <source>Start the engine now; otherwise it starts on first use</source>
            <translation>Die Modellmaschine jetzt starten; sonst startet sie beim ersten Gebrauch</translation>
        </message>
        <message>
            <source>Choose the model, its device or a server</source>
            <translation>Das Modell, sein Rechenwerk oder einen Server wählen</translation>
        </message>
        <message>
            <source>Orthoscribe options</source>
            <translation>Optionen von Orthoscribe</translation>
        </message>
        <message>
            <source>The engine starts on first use</source>
            <translation>Die Modellmaschine startet beim ersten Gebrauch</translation>
        </message>
        <message>
            <source>Start Again</source>
            <translation>Erneut starten</translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::ui::ExpertChart</name>
        <message>
            <source>Use of the experts</source>
            <translation>Anteile der Experten</translation>
        </message>
        <message>
            <source>Expert %1: %2 %</source>
            <extracomment>%1 is the number of an expert, %2 a share in percent</extracomment>
            <translation>Experte %1: %2 %</translation>
        </message>
        <message>
            <source>Evenness of the chosen: %1</source>
            <translation>Gleichmaß der gewählten: %1</translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::ui::OptionsPage</name>
        <message>
            <source>Starter model</source>
            <translation>Startmodell</translation>
        </message>
        <message>
            <source>The project's folder</source>
            <translation>Der Ordner des Projekts</translation>
        </message>
        <message>
            <source>Found by itself</source>
            <translation>Von selbst gefunden</translation>
        </message>
        <message>
            <source>Automatic</source>
            <translation>Automatisch</translation>
        </message>
        <message>
            <source>Processor</source>
            <translation>Prozessor</translation>
        </message>
        <message>
            <source>Graphics card</source>
            <translation>Grafikkarte</translation>
        </message>
        <message>
            <source>Those trained here</source>
            <translation>Die hier trainierten</translation>
        </message>
    </context>
    <context>
        <name>ReviewLayer</name>
        <message>
            <source>Accepted</source>
            <translation>Angenommen</translation>
        </message>
        <message>
            <source>Rejected</source>
            <translation>Verworfen</translation>
        </message>
        <message>
            <source>Not reviewed</source>
            <translation>Nicht durchgesehen</translation>
        </message>
        <message>
            <source>%1 (review)</source>
            <translation>%1 (Durchsicht)</translation>
        </message>
    </context>
    <context>
        <name>TrainDialog</name>
        <message>
            <source>Train an Expert from a Layer</source>
            <translation>Einen Experten aus einem Layer trainieren</translation>
        </message>
        <message>
            <source>&amp;Raster</source>
            <translation>&amp;Raster</translation>
        </message>
        <message>
            <source>What the expert learns to look at; a raster file, as GDAL reads it</source>
            <translation>Woran der Experte lernt; eine Rasterdatei, wie GDAL sie liest</translation>
        </message>
        <message>
            <source>&amp;Polygons</source>
            <translation>&amp;Polygone</translation>
        </message>
        <message>
            <source>The objects, one polygon each: a layer of your own, or detections that were reviewed. All objects where polygons lie should have one.</source>
            <translation>Die Objekte, je ein Polygon: ein eigener Layer oder durchgesehene Funde. Wo Polygone liegen, sollten alle Objekte eines haben.</translation>
        </message>
        <message>
            <source>Selected features only</source>
            <translation>Nur gewählte Objekte</translation>
        </message>
        <message>
            <source>&amp;Label field</source>
            <translation>Feld der &amp;Bezeichnung</translation>
        </message>
        <message>
            <source>The field that names what each polygon is; empty when all are of one kind</source>
            <translation>Das Feld, das sagt, was jedes Polygon ist; leer, wenn alle von einer Art sind</translation>
        </message>
        <message>
            <source>&amp;Class</source>
            <translation>&amp;Klasse</translation>
        </message>
        <message>
            <source>The class of the model that stands for the polygons, and that you will ask for</source>
            <translation>Die Klasse des Modells, die für die Polygone steht und nach der Sie fragen werden</translation>
        </message>
        <message>
            <source>Re&amp;view field</source>
            <translation>Feld der &amp;Durchsicht</translation>
        </message>
        <message>
            <source>A text field that holds accepted, corrected or rejected; empty means accepted. From rejected boxes the expert learns what not to find.</source>
            <translation>Ein Textfeld mit accepted, corrected oder rejected; leer heißt angenommen. Aus verworfenen Rechtecken lernt der Experte, was er nicht finden soll.</translation>
        </message>
        <message>
            <source>&amp;Held out for the test</source>
            <translation>Für den &amp;Test zurückgehalten</translation>
        </message>
        <message>
            <source>Share of the labelled area that is never shown in training and on which the expert is measured</source>
            <translation>Anteil der beschrifteten Fläche, der im Training nie gezeigt und an dem der Experte gemessen wird</translation>
        </message>
        <message>
            <source> %</source>
            <translation> %</translation>
        </message>
        <message>
            <source>&amp;Time</source>
            <translation>&amp;Zeit</translation>
        </message>
        <message>
            <source> min</source>
            <translation> min</translation>
        </message>
        <message>
            <source>&amp;Name of the expert</source>
            <translation>&amp;Name des Experten</translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::plugin::TrainController</name>
        <message>
            <source>%1 → %2</source>
            <translation>%1 → %2</translation>
        </message>
        <message numerus="yes">
            <source>%1: average precision %2, precision %3, recall %4 on %Ln held-out object(s)</source>
            <translation>
                <numerusform>%1: mittlere Genauigkeit %2, Genauigkeit %3, Trefferquote %4 an %Ln zurückgehaltenen Objekt</numerusform>
                <numerusform>%1: mittlere Genauigkeit %2, Genauigkeit %3, Trefferquote %4 an %Ln zurückgehaltenen Objekten</numerusform>
            </translation>
        </message>
        <message>
            <source>loss %1</source>
            <translation>Verlust %1</translation>
        </message>
        <message>
            <source>%1 left</source>
            <translation>noch %1</translation>
        </message>
        <message>
            <source>Starting</source>
            <translation>Startet</translation>
        </message>
        <message>
            <source>Cancelled.</source>
            <translation>Abgebrochen.</translation>
        </message>
        <message>
            <source>The expert %1 is ready. %2</source>
            <translation>Der Experte %1 ist bereit. %2</translation>
        </message>
        <message>
            <source>Expert %1</source>
            <translation>Experte %1</translation>
        </message>
        <message>
            <source>Use This Expert</source>
            <translation>Diesen Experten benutzen</translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::plugin::TrainJob</name>
        <message>
            <source>Training the expert %1</source>
            <translation>Trainiert den Experten %1</translation>
        </message>
        <message>
            <source>%1 cannot be started: %2</source>
            <translation>%1 lässt sich nicht starten: %2</translation>
        </message>
        <message>
            <source>the training ended unexpectedly</source>
            <translation>das Training endete unerwartet</translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::ui::ExpertCombo</name>
        <message>
            <source>Default</source>
            <translation>Üblich</translation>
        </message>
        <message>
            <source>None</source>
            <translation>Keiner</translation>
        </message>
    </context>
    <context>
        <name>orthoscribe::ui::TrainDialog</name>
        <message>
            <source>Train</source>
            <translation>Trainieren</translation>
        </message>
        <message>
            <source>Cancel Training</source>
            <translation>Training abbrechen</translation>
        </message>
        <message>
            <source>As the label field says</source>
            <translation>Wie das Feld der Bezeichnung sagt</translation>
        </message>
        <message>
            <source>Choose the raster to learn on.</source>
            <translation>Wählen Sie das Raster, an dem gelernt wird.</translation>
        </message>
        <message>
            <source>The raster must be a file; this one is drawn by a service.</source>
            <translation>Das Raster muss eine Datei sein; dieses zeichnet ein Dienst.</translation>
        </message>
        <message>
            <source>Choose the polygons to learn from.</source>
            <translation>Wählen Sie die Polygone, aus denen gelernt wird.</translation>
        </message>
        <message>
            <source>Choose a label field or a class.</source>
            <translation>Wählen Sie ein Feld der Bezeichnung oder eine Klasse.</translation>
        </message>
        <message>
            <source>Give the expert a name.</source>
            <translation>Geben Sie dem Experten einen Namen.</translation>
        </message>
        <message>
            <source>The name may hold letters, digits, blanks, dots and dashes.</source>
            <translation>Der Name darf Buchstaben, Ziffern, Leerzeichen, Punkte und Striche enthalten.</translation>
        </message>
        <message>
            <source>There is an expert of this name already.</source>
            <translation>Einen Experten dieses Namens gibt es schon.</translation>
        </message>
    </context>
</TS>
